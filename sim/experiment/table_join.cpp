#include "sim/experiment/table_join.hpp"

#include <memory>
#include <string>
#include <vector>

#include "core/check.hpp"
#include "sim/experiment/output_file.hpp"
#include "sim/experiment/tables.hpp"

namespace ampsim::sim {

void join_tables(const Experiment& experiment,
                 const std::filesystem::path& folder,
                 const std::string& head,
                 const ReadRun& read_run) {
  const std::vector<Table> tables = tables_of(experiment);
  std::vector<std::unique_ptr<OutputFile>> outputs;
  for (const Table& table : tables) {
    outputs.push_back(std::make_unique<OutputFile>(folder / (std::string(table.name) + ".csv")));
    outputs.back()->write(table.header);
  }
  outputs[0]->write(head);
  const auto row_of = [&](std::size_t run) { return read_run(run).blocks[0]; };
  Summary summary(experiment, head, row_of);
  OutputFile summary_output(folder / "summary.csv");
  summary_output.write(summary.header());
  for (std::size_t run = 0; run < experiment.run_count(); ++run) {
    const JournalRecord record = read_run(run);
    AMPSIM_CHECK(record.run == run && record.blocks.size() == tables.size(),
                 "a finished run has its rows of every table");
    for (std::size_t i = 0; i < tables.size(); ++i) outputs[i]->write(record.blocks[i]);
    summary_output.write(summary.add(record.blocks[0]));
  }
  for (const std::unique_ptr<OutputFile>& output : outputs) output->commit();
  summary_output.commit();
}

}  // namespace ampsim::sim
