// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/json.h"
#include "core/base/warning.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace brink {

/// Shared data behind a layer; copied once, when the plot is filled.
using Column = std::shared_ptr<const std::vector<double>>;
[[nodiscard]] Column makeColumn(std::vector<double> values);

/// What a colour means; the theme decides the colour. Series1..8 are the Okabe-Ito order.
enum class ColourRole { Series1, Series2, Series3, Series4, Series5, Series6, Series7, Series8, Text, Muted, Accent, Good, Caution, Alarm };
/// Role of the n-th series, n >= 0; repeats after eight.
[[nodiscard]] ColourRole seriesRole(int n);

enum class Dash { Solid, Dashed, Dotted, DashDot };
enum class Marker { Circle, Square, TriangleUp, Diamond, TriangleDown, Cross, Plus, Star };
enum class Orientation { Horizontal, Vertical };
/// Where a censored value goes on: the true value is at least the drawn one in this direction.
enum class Arrow { None, Right, Up };

/// What a picked point stands for, in the program's terms, e.g. {"attack","ddn"} or {"target","3"}.
struct DataRef {
    std::string kind;
    std::string key;
    bool operator==(const DataRef&) const = default;
};

/// Layers are plain data. `id` is stable between updates (the view keeps zoom and selection by it); `name` goes into
/// the legend (empty: not listed). A reader must be able to tell series apart without colour: dash, marker or label.
struct LineLayer {
    std::string id{}, name{};
    Column x{}, y{};
    ColourRole role = ColourRole::Series1;
    Dash dash = Dash::Solid;
    double widthPt = 1.0;
    bool isStep = false;
};
struct BandLayer { ///< filled between low and high
    std::string id{}, name{};
    Column x{}, low{}, high{};
    ColourRole role = ColourRole::Series1;
};
struct BarLayer { ///< histogram or class bars at `position`, from `base` to `base` + `height`
    std::string id{}, name{};
    Column position{}, height{};
    double base = 0;
    /// The numbers behind lengths that are scaled to fit beside something else; null: the heights are the numbers.
    Column values{};
    double width = 1;  ///< in axis units
    double offset = 0; ///< of the bar's centre, for groups
    Orientation orientation = Orientation::Vertical; ///< Horizontal: bars grow to the right, position is on y
    ColourRole role = ColourRole::Series1;
    bool isOpen = false; ///< outline and a light fill: tells two groups apart in grey
    double strength = 1; ///< share of the colour: bars of one colour that differ in a parameter
    std::vector<std::string> texts{}; ///< numbers at the ends of the bars, as small as the cells of a heatmap; one a bar or empty
    std::vector<DataRef> refs{};      ///< what a click picks, one a bar or empty
    std::vector<std::string> tips{};  ///< what the read-out says of a bar, one a bar or empty
};
struct ScatterLayer {
    std::string id{}, name{};
    Column x{}, y{};
    ColourRole role = ColourRole::Series1;
    Marker marker = Marker::Circle;
    bool isOpen = false;                 ///< outline only: capped or censored values
    double sizePt = 4;                   ///< 0: no markers, interval bars without caps
    Column sizesPt{};                    ///< one a point; null: all of `sizePt`
    std::vector<std::string> labels{};    ///< direct labels, one a point or empty; placed without overlap
    std::vector<std::string> tips{};      ///< what the read-out says of a point, one a point or empty: its label
    std::vector<DataRef> refs{};          ///< what a click picks, one a point or empty
    Column xLow{}, xHigh{}, yLow{}, yHigh{}; ///< interval bars, may be null
    Arrow arrow = Arrow::None;           ///< for capped values, with isOpen
};
struct RuleLayer { ///< a straight line across the panel
    std::string id{}, label{};
    Orientation orientation = Orientation::Vertical;
    double at = 0;
    ColourRole role = ColourRole::Muted;
    Dash dash = Dash::Solid;
};
struct SpanLayer { ///< a shaded range across the panel
    std::string id{}, label{};
    Orientation orientation = Orientation::Vertical; ///< Vertical: a range of x
    double from = 0, to = 0;
    ColourRole role = ColourRole::Muted;
    /// Part of the panel it covers in the other direction, fractions from the bottom; whole panel by default.
    std::array<double, 2> extent{0.0, 1.0};
};
struct TextLayer { ///< placed in panel fractions, origin lower left
    std::string id{}, text{};
    double x = 0.02, y = 0.98;
    bool alignsRight = false;
    bool alignsTop = true;
    ColourRole role = ColourRole::Muted;
};
/// A picture in data coordinates [0,width] x [0,height], row 0 on top, drawn with hard pixel edges. RGB or grey 8 bit.
struct RasterLayer {
    std::string id{};
    int width = 0, height = 0, channels = 3;
    std::shared_ptr<const std::vector<std::uint8_t>> pixels{}; ///< [height,width,channels]
    /// The numbers behind the colours for the table, [height,width,valueChannels]; null: the pixels are the numbers.
    Column values{};
    int valueChannels = 0;
};

/// A matrix in data coordinates [0,columns] x [0,rows], row 0 on top: cells in the sequential colours (cividis), with numbers.
struct HeatmapLayer {
    std::string id{};
    int rows = 0, columns = 0;
    Column values{};                      ///< [rows,columns]; not finite: missing, hatched
    std::array<double, 2> range{0, 1};    ///< of the colours
    std::vector<std::string> texts{};     ///< one a cell or empty; set smaller, then left out, where cells are too small
    std::vector<std::string> tips{};      ///< what the read-out says of a cell, one a cell or empty
    std::vector<DataRef> refs{};          ///< what a click picks, one a cell or empty
    std::vector<std::string> rowNames{}, columnNames{}; ///< for the table
};
/// Class regions on a grid of cells in data coordinates: each cell in the colour of its class, deeper where the margin is larger,
/// lines along the edges between classes and of equal margin inside them. Labels are drawn as they are, never smoothed.
struct RegionLayer {
    struct Class {
        int label = 0;
        std::string name{};
        ColourRole role = ColourRole::Series1;
        int hatch = 0;                               ///< 0: plain; 1 to 3 tell classes of one colour apart
        std::optional<std::array<double, 2>> place{}; ///< where the name is written, in data coordinates
    };
    std::string id{};
    int rows = 0, columns = 0;
    std::array<double, 4> frame{};                   ///< left, right, bottom, top; row 0 lies at the top
    std::shared_ptr<const std::vector<std::int16_t>> labels{}; ///< [rows,columns]
    Column margins{}, confidences{};                 ///< [rows,columns], may be null
    std::shared_ptr<const std::vector<std::uint8_t>> isComputed{}; ///< [rows,columns] 0: margin and confidence are interpolated; null: all are computed
    double deepest = 0;                              ///< margin from which on the colour deepens no more
    std::vector<double> levels{};                    ///< of the lines of equal margin
    std::vector<Class> classes{};                    ///< of every label that occurs
    /// A polygon beyond which the colours are paler; null: nowhere.
    Column boundsX{}, boundsY{};
    bool hasEdges = true;                            ///< lines between classes
};
/// The entry of a label; null when it is not listed.
[[nodiscard]] const RegionLayer::Class* regionClass(const RegionLayer& layer, int label);
/// Whether the middle of a cell lies inside the bounds; all do without bounds.
[[nodiscard]] std::vector<std::uint8_t> cellsInBounds(const RegionLayer& layer);
/// Names of signs that several panels share, in as many columns as fit; takes the whole panel.
struct KeyLayer {
    struct Entry {
        std::string name{};
        ColourRole role = ColourRole::Series1;
        std::optional<Marker> marker{};   ///< a point, a line without one
        bool isOpen = false;
        Dash dash = Dash::Solid;
        double widthPt = 1;
        std::optional<int> hatch{};       ///< a patch of a class region with this hatch
    };
    std::string id{};
    std::vector<Entry> entries{};
};

using Layer
    = std::variant<LineLayer, BandLayer, BarLayer, ScatterLayer, RuleLayer, SpanLayer, TextLayer, RasterLayer, HeatmapLayer, RegionLayer,
          KeyLayer>;
[[nodiscard]] const std::string& layerId(const Layer& layer);

/// In every text of a figure `_{c}` sets c as a subscript: "f_{c}".
struct Axis {
    std::string label;                     ///< with unit: "distance, L2 (pixel range [0,1])"
    std::optional<std::array<double, 2>> range; ///< absent: from the data
    bool isLogarithmic = false;
    bool isReversed = false;
    bool isVisible = true;
    bool includesZero = false;
    /// Named ticks (classes); empty: numbers.
    std::vector<std::pair<double, std::string>> ticks{};
    double tickAngle = 0;                  ///< degrees that tick labels are turned counter-clockwise: long names under columns
    bool hasLine = true;                   ///< a heatmap has its own edges
};

enum class LegendPlace { None, Inside, TopLeft, TopRight, BottomLeft, BottomRight };

/// Panels of one row share its width by their column stretch; rows need not have the same number of panels.
struct Panel {
    std::string id;
    std::string title;          ///< shown on screen and above image panels; print figures carry titles in the caption
    bool keepsTitle = false;    ///< the title tells panels of one kind apart: print figures show it too
    int row = 0, column = 0;
    double columnStretch = 1, rowStretch = 1;
    double heightEm = 0;        ///< of the row in font heights, whatever the figure's size: keys and colour bars; 0: by stretch
    bool keepsAspect = false;   ///< one unit of x is as long as one of y
    Axis x, y;
    LegendPlace legend = LegendPlace::Inside;
    std::vector<Layer> layers;
};

/// A description of a picture: no colours, no pixels. The same value is drawn on screen and exported.
struct Figure {
    std::string name;       ///< registry name, e.g. "weibull"
    std::string caption;    ///< what it shows, with counts and settings: offered as the text below the figure
    std::vector<Panel> panels;
    double aspect = 0.62;   ///< height / width of the whole, without rows of fixed height
    Warnings warnings;
    Json provenance;        ///< model and image hashes, parameters, seed, versions, counts; embedded in every export
};

/// The same figure with only the panels named, in one row each as they were; unknown ids are ignored.
/// The aspect shrinks or grows with the number of rows left.
[[nodiscard]] Figure withPanels(const Figure& figure, std::span<const std::string> ids);

/// Height in font heights that rows of fixed height add to the figure.
[[nodiscard]] double fixedHeightEm(const Figure& figure);

/// "_{c}" -> "_c", for places that show plain text only (tables, accessible names).
[[nodiscard]] std::string plainText(std::string_view text);

/// The figure as readable text (panels, axes, layers, number of points, ranges) for tests and diffs.
[[nodiscard]] std::string figureText(const Figure& figure);
/// The data behind a figure: header lines with provenance ("# ..."), then tables "panel,layer,x,y,...". C locale.
[[nodiscard]] std::string figureCsv(const Figure& figure);

} // namespace brink
