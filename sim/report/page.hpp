#pragma once

#include <filesystem>
#include <string>

#include "sim/report/network_pictures.hpp"
#include "sim/report/payment_curves.hpp"
#include "sim/report/results.hpp"

/// report.html: a results folder as one page that needs no network, no other file and no program
/// but a browser. Tables and charts are made by the scripts of sim/report/page/ from numbers in the
/// page; the charts are drawn by Chart.js (MIT licence). The page forbids itself every request.
///
/// The same folder gives the same bytes. The page holds as many numbers as a browser takes well:
/// at most kMostCells means of measures, the measures in the order of key_measures() and then of
/// runs.csv, at most kMostPoints points, curves of at most kMostCurves points; it says what it
/// leaves out. A sweep of 1,000 points makes a page of 2 to 4 MB.
///
/// Errors: InputError as in sim/report/results.hpp; OutputError when writing fails.
/// Tested by tests/report_page_test.cpp, and in a browser by tests/report_browser_test.cpp.
namespace ampsim::report {

constexpr std::size_t kMostPoints = 20'000;
constexpr std::size_t kMostCells = 100'000;
constexpr std::size_t kMostCurves = 1'000;

/// What a page shows; `payments` and `network` are empty where the experiment did not record them.
struct PageContent {
  Results results;
  PaymentCurves payments;
  NetworkPictures network;
};

PageContent read_content(const std::filesystem::path& folder);

/// The numbers of the page, as JSON in ASCII that can stand in a <script>.
std::string page_json(const PageContent& content);

std::string page_html(const PageContent& content);

/// Reads the folder and writes the page.
void write_page(const std::filesystem::path& folder, const std::filesystem::path& file);

}  // namespace ampsim::report
