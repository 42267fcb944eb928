// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/figure/figure.h"

#include "core/base/version.h"

#include <charconv>
#include <cmath>
#include <initializer_list>

namespace brink {

namespace {

/// Shortest text that reads back as the same number; empty for a missing (non-finite) one.
std::string cell(double value)
{
    if (!std::isfinite(value))
        return {};
    char buffer[32];
    return {buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr};
}

/// RFC 4180: quotes where a comma, quote or line break asks for them.
std::string cell(std::string_view text)
{
    if (text.find_first_of(",\"\n\r") == std::string_view::npos)
        return std::string(text);
    std::string result = "\"";
    for (const char c : text)
        result += c == '"' ? std::string("\"\"") : std::string(1, c);
    return result + '"';
}

std::string oneLine(std::string text)
{
    for (char& c : text)
        if (c == '\n' || c == '\r')
            c = ' ';
    return text;
}

struct NamedColumn {
    const char* name;
    const Column& values;
};

/// Tables of one panel; every table has its own header line and ends with an empty line.
class TableWriter {
public:
    TableWriter(std::string& out, const Panel& panel) : m_out(out), m_panel(panel) {}

    void operator()(const LineLayer& layer) { columns(layer.id, {{"x", layer.x}, {"y", layer.y}}); }
    void operator()(const BandLayer& layer) { columns(layer.id, {{"x", layer.x}, {"low", layer.low}, {"high", layer.high}}); }
    void operator()(const BarLayer& layer)
    {
        columns(layer.id, {{"position", layer.position}, {"height", layer.values ? layer.values : layer.height}}, &layer.tips);
    }
    void operator()(const ScatterLayer& layer)
    {
        columns(layer.id,
            {{"x", layer.x}, {"y", layer.y}, {"xLow", layer.xLow}, {"xHigh", layer.xHigh}, {"yLow", layer.yLow}, {"yHigh", layer.yHigh}},
            &layer.labels);
    }
    void operator()(const RuleLayer& layer)
    {
        header({layer.orientation == Orientation::Vertical ? "x" : "y", "label"});
        row(layer.id, {cell(layer.at), cell(plainText(layer.label))});
        m_out += '\n';
    }
    void operator()(const SpanLayer& layer)
    {
        if (layer.orientation == Orientation::Vertical)
            header({"xFrom", "xTo", "label"});
        else
            header({"yFrom", "yTo", "label"});
        row(layer.id, {cell(layer.from), cell(layer.to), cell(plainText(layer.label))});
        m_out += '\n';
    }
    void operator()(const TextLayer& layer)
    {
        header({"text"});
        row(layer.id, {cell(plainText(layer.text))});
        m_out += '\n';
    }
    void operator()(const RasterLayer& layer)
    {
        header({"row", "column", "channel", "value"});
        const int channels = layer.values ? layer.valueChannels : layer.channels;
        std::size_t i = 0;
        for (int y = 0; y < layer.height; ++y)
            for (int x = 0; x < layer.width; ++x)
                for (int c = 0; c < channels; ++c, ++i)
                    row(layer.id, {std::to_string(y), std::to_string(x), std::to_string(c),
                                      cell(layer.values ? (*layer.values)[i] : double((*layer.pixels)[i]))});
        m_out += '\n';
    }
    void operator()(const HeatmapLayer& layer)
    {
        header({"row", "column", "value"});
        const auto name = [](const std::vector<std::string>& names, int i) {
            return std::size_t(i) < names.size() ? cell(plainText(names[std::size_t(i)])) : std::to_string(i);
        };
        for (int i = 0; i < layer.rows; ++i)
            for (int k = 0; k < layer.columns; ++k)
                row(layer.id, {name(layer.rowNames, i), name(layer.columnNames, k), cell((*layer.values)[std::size_t(i * layer.columns + k)])});
        m_out += '\n';
    }
    void operator()(const RegionLayer& layer)
    {
        header({"x", "y", "class", "name", "margin", "confidence", "computed"});
        const auto [left, right, bottom, top] = layer.frame;
        for (int i = 0; i < layer.rows; ++i) {
            for (int k = 0; k < layer.columns; ++k) {
                const std::size_t at = std::size_t(i) * std::size_t(layer.columns) + std::size_t(k);
                const int label = (*layer.labels)[at];
                const RegionLayer::Class* named = regionClass(layer, label);
                row(layer.id, {cell(left + (right - left) * (k + 0.5) / layer.columns), cell(top - (top - bottom) * (i + 0.5) / layer.rows),
                                  std::to_string(label), named ? cell(plainText(named->name)) : std::string(),
                                  layer.margins ? cell((*layer.margins)[at]) : std::string(), layer.confidences ? cell((*layer.confidences)[at]) : std::string(),
                                  !layer.isComputed || (*layer.isComputed)[at] ? "1" : "0"});
            }
        }
        m_out += '\n';
    }
    void operator()(const KeyLayer&) {} // names what other tables hold

private:
    void header(std::initializer_list<const char*> names)
    {
        m_out += "panel,layer";
        for (const char* name : names)
            m_out += std::string(",") + name;
        m_out += '\n';
    }

    void row(const std::string& id, std::initializer_list<std::string> cells)
    {
        m_out += cell(m_panel.id) + ',' + cell(id);
        for (const std::string& text : cells)
            m_out += ',' + text;
        m_out += '\n';
    }

    void columns(const std::string& id, std::initializer_list<NamedColumn> all, const std::vector<std::string>* labels = nullptr)
    {
        std::vector<NamedColumn> present;
        for (const NamedColumn& column : all)
            if (column.values)
                present.push_back(column);
        const bool hasLabels = labels && !labels->empty();
        m_out += "panel,layer";
        for (const NamedColumn& column : present)
            m_out += std::string(",") + column.name;
        m_out += hasLabels ? ",label\n" : "\n";
        const std::size_t rows = present.empty() ? 0 : present.front().values->size();
        for (std::size_t i = 0; i < rows; ++i) {
            m_out += cell(m_panel.id) + ',' + cell(id);
            for (const NamedColumn& column : present)
                m_out += ',' + (i < column.values->size() ? cell((*column.values)[i]) : std::string());
            if (hasLabels)
                m_out += ',' + (i < labels->size() ? cell(plainText((*labels)[i])) : std::string());
            m_out += '\n';
        }
        m_out += '\n';
    }

    std::string& m_out;
    const Panel& m_panel;
};

} // namespace

std::string figureCsv(const Figure& figure)
{
    std::string csv = "# Brink " + std::string(version) + ", figure " + figure.name + "\n# " + oneLine(plainText(figure.caption)) + "\n";
    for (const Warning& warning : figure.warnings)
        csv += "# warning " + warning.code + ": " + oneLine(warning.text) + "\n";
    if (!figure.provenance.empty())
        csv += "# provenance " + figure.provenance.dump() + "\n";
    for (const Panel& panel : figure.panels) {
        csv += "# panel " + panel.id + ": x " + plainText(panel.x.label) + "; y " + plainText(panel.y.label) + "\n";
        for (const Layer& layer : panel.layers)
            std::visit(TableWriter(csv, panel), layer);
    }
    return csv;
}

} // namespace brink
