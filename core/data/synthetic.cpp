// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/synthetic.h"

#include "core/base/rng.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace brink {

namespace {

struct Point {
    double x = 0;
    double y = 0;
};

using Stroke = std::vector<Point>; ///< corners of a polyline, in [-1,1] with y downwards

struct Glyph {
    std::string name;
    std::vector<Stroke> strokes;
};

/// Arc around (x,y), angles in degrees clockwise from the right.
Stroke arc(Point centre, double radius, double from, double to)
{
    constexpr double degreesPerCorner = 15;
    const int corners = std::max(2, int(std::abs(to - from) / degreesPerCorner) + 1);
    Stroke stroke;
    for (int i = 0; i < corners; ++i) {
        const double angle = (from + (to - from) * i / (corners - 1)) * std::numbers::pi / 180;
        stroke.push_back({centre.x + radius * std::cos(angle), centre.y + radius * std::sin(angle)});
    }
    return stroke;
}

Stroke spiral()
{
    Stroke stroke;
    for (int i = 0; i <= 40; ++i) {
        const double angle = i * 4 * std::numbers::pi / 40;
        const double radius = 0.1 + 0.8 * i / 40;
        stroke.push_back({radius * std::cos(angle), radius * std::sin(angle)});
    }
    return stroke;
}

/// Pairs that are easily mixed up are wanted: ring and square, plus and star, arrow and fork, wave and zigzag.
std::vector<Glyph> makeAlphabet()
{
    return {
        {"ring", {arc({0, 0}, 0.8, 0, 360)}},
        {"square", {{{-0.75, -0.75}, {0.75, -0.75}, {0.75, 0.75}, {-0.75, 0.75}, {-0.75, -0.75}}}},
        {"triangle", {{{0, -0.85}, {0.85, 0.7}, {-0.85, 0.7}, {0, -0.85}}}},
        {"plus", {{{-0.85, 0}, {0.85, 0}}, {{0, -0.85}, {0, 0.85}}}},
        {"star", {{{0, -0.85}, {0, 0.85}}, {{-0.75, -0.45}, {0.75, 0.45}}, {{-0.75, 0.45}, {0.75, -0.45}}}},
        {"arrow", {{{0, 0.85}, {0, -0.85}}, {{-0.6, -0.2}, {0, -0.85}, {0.6, -0.2}}}},
        {"fork", {{{0, 0.85}, {0, 0}}, {{-0.65, -0.85}, {0, 0}, {0.65, -0.85}}}},
        {"zigzag", {{{-0.8, -0.75}, {0.7, -0.75}, {-0.7, 0.75}, {0.8, 0.75}}}},
        {"wave", {arc({0, -0.4}, 0.42, -20, -270), arc({0, 0.42}, 0.42, -90, 160)}},
        {"spiral", {spiral()}},
    };
}

const std::vector<Glyph>& alphabet()
{
    static const std::vector<Glyph> glyphs = makeAlphabet();
    return glyphs;
}

double between(Rng& rng, double low, double high)
{
    return low + (high - low) * rng.uniform();
}

/// Pixel position of a glyph point.
struct Placement {
    double xx = 1, xy = 0, yx = 0, yy = 1;
    Point centre;

    [[nodiscard]] Point operator()(Point p) const { return {centre.x + xx * p.x + xy * p.y, centre.y + yx * p.x + yy * p.y}; }
};

Placement randomPlacement(Rng& rng, const GlyphStyle& style)
{
    constexpr double radius = 0.4 * glyphSize;
    const double angle = std::clamp(rng.normal(), -2.5, 2.5) * style.rotationDegrees * std::numbers::pi / 180;
    const double shear = std::clamp(rng.normal(), -2.5, 2.5) * style.shear;
    const double acrossScale = radius * between(rng, style.smallest, 1.0);
    const double downScale = radius * between(rng, style.smallest, 1.0);
    const double cosine = std::cos(angle);
    const double sine = std::sin(angle);
    Placement placement;
    placement.xx = acrossScale * cosine;
    placement.xy = acrossScale * shear - downScale * sine;
    placement.yx = acrossScale * sine;
    placement.yy = downScale * cosine;
    placement.centre = {(glyphSize - 1) / 2.0 + between(rng, -style.shift, style.shift),
        (glyphSize - 1) / 2.0 + between(rng, -style.shift, style.shift)};
    return placement;
}

double squaredDistanceToSegment(Point p, Point a, Point b)
{
    const Point along{b.x - a.x, b.y - a.y};
    const Point from{p.x - a.x, p.y - a.y};
    const double length2 = along.x * along.x + along.y * along.y;
    const double share = length2 > 0 ? std::clamp((from.x * along.x + from.y * along.y) / length2, 0.0, 1.0) : 0.0;
    const double dx = from.x - share * along.x;
    const double dy = from.y - share * along.y;
    return dx * dx + dy * dy;
}

using Canvas = std::array<double, glyphSize * glyphSize>;

/// Ink in [0,1]: full inside the stroke, falling linearly over one pixel at its edge.
Canvas drawn(const Glyph& glyph, const Placement& placement, double halfWidth)
{
    Canvas squared;
    squared.fill(1e9);
    for (const Stroke& stroke : glyph.strokes)
        for (std::size_t i = 1; i < stroke.size(); ++i) {
            const Point a = placement(stroke[i - 1]);
            const Point b = placement(stroke[i]);
            for (int y = 0; y < glyphSize; ++y)
                for (int x = 0; x < glyphSize; ++x) {
                    double& nearest = squared[std::size_t(y * glyphSize + x)];
                    nearest = std::min(nearest, squaredDistanceToSegment({double(x), double(y)}, a, b));
                }
        }
    for (double& value : squared)
        value = std::clamp(halfWidth + 0.5 - std::sqrt(value), 0.0, 1.0);
    return squared;
}

/// One axis of a Gaussian blur; what lies outside the picture counts as empty.
Canvas blurredAlong(const Canvas& canvas, double sigma, int step, int acrossStep)
{
    constexpr int reach = 3;
    std::array<double, 2 * reach + 1> weights{};
    double sum = 0;
    for (int k = -reach; k <= reach; ++k)
        sum += weights[std::size_t(k + reach)] = std::exp(-0.5 * k * k / (sigma * sigma));
    Canvas result{};
    for (int line = 0; line < glyphSize; ++line)
        for (int at = 0; at < glyphSize; ++at)
            for (int k = std::max(-reach, -at); k <= std::min(reach, glyphSize - 1 - at); ++k)
                result[std::size_t(line * acrossStep + at * step)]
                    += weights[std::size_t(k + reach)] / sum * canvas[std::size_t(line * acrossStep + (at + k) * step)];
    return result;
}

Image imageOfGlyph(const Glyph& glyph, Rng& rng, const GlyphStyle& style)
{
    const Placement placement = randomPlacement(rng, style);
    Canvas canvas = drawn(glyph, placement, between(rng, style.thinnest, style.thickest));
    const double blur = between(rng, 0.2, std::max(0.2, style.largestBlur));
    canvas = blurredAlong(blurredAlong(canvas, blur, 1, glyphSize), blur, glyphSize, 1);
    const double background = between(rng, 0.0, 0.15);
    const double ink = between(rng, style.faintest, 1.0 - background);
    const double noise = between(rng, 0.0, style.largestNoise);
    Image image{1, glyphSize, glyphSize, {}, {}, {}};
    for (const double value : canvas) {
        const double grey = std::clamp(background + ink * value + noise * rng.normal(), 0.0, 1.0);
        image.pixels.push_back(float(std::lround(255 * grey)) / 255.0f);
    }
    return image;
}

} // namespace

const std::vector<std::string>& glyphNames()
{
    static const std::vector<std::string> names = [] {
        std::vector<std::string> list;
        for (const Glyph& glyph : alphabet())
            list.push_back(glyph.name);
        return list;
    }();
    return names;
}

SyntheticSet makeGlyphs(int count, std::uint64_t seed, const GlyphStyle& style)
{
    constexpr std::uint64_t purpose = 0x676C797068; // "glyph"
    SyntheticSet set;
    set.classNames = glyphNames();
    for (int i = 0; i < count; ++i) {
        const std::size_t label = std::size_t(i) % alphabet().size();
        Rng rng(combineSeeds({seed, purpose, std::uint64_t(i)}));
        set.images.push_back(imageOfGlyph(alphabet()[label], rng, style));
        set.images.back().source = "glyph#" + std::to_string(i);
        set.labels.push_back(std::int64_t(label));
    }
    return set;
}

} // namespace brink
