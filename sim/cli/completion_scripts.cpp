// The scripts that make shells ask `ampsim complete -- WORDS...`, which prints what can follow.
#include "core/check.hpp"
#include "sim/cli/completion.hpp"

namespace ampsim::cli {
namespace {

constexpr std::string_view kBash =
    R"sh(# Completion of ampsim for bash; `ampsim completion bash` prints it.
_ampsim() {
  local line=${COMP_LINE:0:COMP_POINT} current word prefix
  local -a words
  # Bash splits words at = and :, ampsim does not.
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  current=${words[-1]#[\"\']}
  words[-1]=$current
  prefix=${current%"${current##*[=:]}"}
  COMPREPLY=()
  while IFS=$'\t' read -r word _; do
    case $word in
      :files)
        compopt -o filenames
        mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "${current#"$prefix"}")
        ;;
      :folders)
        compopt -o filenames
        mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -d -- "${current#"$prefix"}")
        ;;
      *)
        [[ $word == *[=.] ]] && compopt -o nospace
        COMPREPLY+=("${word#"$prefix"}")
        ;;
    esac
  done < <("${words[0]/#\~/$HOME}" complete -- "${words[@]:1}" 2>/dev/null)
}
complete -F _ampsim ampsim
)sh";

constexpr std::string_view kZsh = R"sh(#compdef ampsim
# Completion of ampsim for zsh; `ampsim completion zsh` prints it.
_ampsim() {
  local line word
  local -a open closed
  for line in "${(@f)$("${~words[1]}" complete -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)}"; do
    word=${line%%$'\t'*}
    case $word in
      '') ;;
      :files)
        compset -P '*='
        _files
        ;;
      :folders)
        compset -P '*='
        _files -/
        ;;
      *[=.]) open+=("$word") ;;
      *) closed+=("${word//:/\\:}${${line#"$word"}/$'\t'/:}") ;;
    esac
  done
  (($#open)) && compadd -S '' -- "${open[@]}"
  (($#closed)) && _describe ampsim closed
  return 0
}
if [[ ${funcstack[1]} == _ampsim ]]; then
  _ampsim "$@"
else
  compdef _ampsim ampsim
fi
)sh";

constexpr std::string_view kFish =
    R"sh(# Completion of ampsim for fish; `ampsim completion fish` prints it.
function __ampsim_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l rest (string replace -r '.*=' '' -- $current)
    set -l front (string replace -r '[^=]*$' '' -- $current)
    for line in ($words[1] complete -- $words[2..-1] "$current" 2>/dev/null)
        switch $line
            case ':files'
                printf '%s\n' $front(__fish_complete_path $rest)
            case ':folders'
                printf '%s\n' $front(__fish_complete_directories $rest)
            case '*'
                printf '%s\n' $line
        end
    end
end
complete -c ampsim -f -a '(__ampsim_complete)'
)sh";

}  // namespace

const std::vector<std::string>& completion_shells() {
  static const std::vector<std::string> shells = {"bash", "zsh", "fish"};
  return shells;
}

std::string completion_script(std::string_view shell) {
  if (shell == "bash") return std::string(kBash);
  if (shell == "zsh") return std::string(kZsh);
  AMPSIM_CHECK(shell == "fish", "a shell without a script");
  return std::string(kFish);
}

}  // namespace ampsim::cli
