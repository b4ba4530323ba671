// SPDX-License-Identifier: GPL-3.0-or-later
#include "report.h"

#include <algorithm>
#include <cstdio>
#include <fstream>

namespace sotto::bench {

double median(std::vector<double> values) {
    if (values.empty())
        return 0;
    std::sort(values.begin(), values.end());
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

void printTable(const std::vector<Figure>& figures) {
    std::printf("%-34s %12s %12s %8s  %s\n", "measure", "sotto", "bare echo", "ratio", "unit");
    for (const Figure& figure : figures) {
        std::printf("%-34s %12.2f ", figure.measure.c_str(), figure.sotto);
        if (figure.floor > 0)
            std::printf("%12.2f %8.2f", figure.floor, figure.sotto / figure.floor);
        else
            std::printf("%12s %8s", "", "");
        std::printf("  %s\n", figure.unit.c_str());
    }
}

bool writeJson(const std::vector<Figure>& figures, const std::string& file) {
    std::ofstream out(file);
    out << "[\n";
    for (std::size_t i = 0; i < figures.size(); ++i) {
        const Figure& figure = figures[i];
        out << "  {\"measure\": \"" << figure.measure << "\", \"unit\": \"" << figure.unit
            << "\", \"sotto\": " << figure.sotto;
        if (figure.floor > 0)
            out << ", \"echo\": " << figure.floor << ", \"ratio\": " << figure.sotto / figure.floor;
        out << (i + 1 < figures.size() ? "},\n" : "}\n");
    }
    out << "]\n";
    return out.flush().good();
}

} // namespace sotto::bench
