// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace sotto::bench {

/// One line of the result: a measure, Sotto's figure, and the floor's where there is one.
struct Figure {
    std::string measure;
    std::string unit;
    double sotto = 0;
    double floor = 0; ///< the bare echo server's; 0: has none
};

double median(std::vector<double> values);

/// The table for people.
void printTable(const std::vector<Figure>& figures);
/// The same as JSON; false where the file cannot be written.
[[nodiscard]] bool writeJson(const std::vector<Figure>& figures, const std::string& file);

} // namespace sotto::bench
