// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plot/panellabels_qcp.h"

#include "widgets/plot/labelplacement.h"
#include "widgets/plot/regions_qcp.h"
#include "widgets/plot/richtext.h"

#include <algorithm>
#include <cmath>

namespace brink {

namespace {

constexpr double leaderPenPt = 0.4;
constexpr double markerGapPt = 4.5;
constexpr double ruleGapPt = 3;
constexpr double edgeGapPt = 2;
constexpr double labelPaddingPt = 5; // left and right together, so that neighbours do not read as one
constexpr double curveStepPt = 3;          // a curve is kept clear of in boxes this far apart
constexpr std::size_t mostCurveBoxes = 400;
constexpr double wordsWeight = 12;         // words in a corner count like other labels

struct PlacedText {
    QString text;
    ColourRole role = ColourRole::Text;
    Qt::Alignment alignment = Qt::AlignHCenter;
};

/// Gathers what has to be written and what must stay uncovered, then draws it.
class LabelPainter {
public:
    /// @param inOneLine labels of two lines are written in one: where the panel is low.
    LabelPainter(const PanelPlot& target, const RenderStyle& style, bool inOneLine)
        : m_inOneLine(inOneLine), m_rect(*target.rect), m_legend(target.legend), m_style(style), m_font(style.font()), m_bounds(m_rect.rect()),
          m_lineHeight(richTextSize(QStringLiteral("x"), m_font).height())
    {
        const double edge = style.units(edgeGapPt);
        m_bounds.adjust(edge, 0, -edge, 0);
    }

    void place(const Panel& panel)
    {
        for (const Layer& layer : panel.layers)
            std::visit([this](const auto& value) { collect(value); }, layer);
        for (std::size_t i = 0; i < m_anchors.size(); ++i)
            add(m_anchored[i],
                candidatesAround(m_anchors[i], paddedSize(m_anchored[i].text), m_style.units(markerGapPt), m_lineHeight, m_anchors));
        if (m_legend)
            m_obstacles.push_back({m_legend->outerRect(), wordsWeight});
        m_chosen = placeLabels(m_candidates, m_obstacles, m_bounds);
    }

    /// Pairs of labels that hide each other.
    [[nodiscard]] int overlaps() const
    {
        int pairs = 0;
        for (std::size_t i = 0; i < m_chosen.size(); ++i)
            for (std::size_t j = 0; j < i; ++j)
                pairs += m_candidates[i][m_chosen[i]].box.intersects(m_candidates[j][m_chosen[j]].box);
        return pairs;
    }

    void draw(QCPPainter& painter) const
    {
        for (std::size_t i = 0; i < m_chosen.size(); ++i)
            draw(painter, m_texts[i], m_candidates[i][m_chosen[i]]);
        for (const auto& [text, box] : m_fixed)
            draw(painter, text, {box, 0, std::nullopt});
    }

private:
    void draw(QCPPainter& painter, const PlacedText& text, const LabelCandidate& place) const
    {
        const QColor colour = m_style.theme.textColour(text.role);
        if (place.leader) {
            painter.setPen(m_style.pen(m_style.theme.colour(text.role), leaderPenPt));
            painter.drawLine(*place.leader);
        }
        const QSizeF size = richTextSize(text.text, m_font);
        const double slack = place.box.width() - size.width();
        if (m_hasRegions)
            paintChip(painter, {place.box.topLeft() + QPointF(slack / 2, 0), size}, m_style);
        painter.setPen(colour);
        drawRichText(painter, place.box.topLeft() + QPointF(slack / 2, 0), text.text, m_font, text.alignment);
    }

    [[nodiscard]] QString textOf(const std::string& label) const
    {
        QString text = QString::fromStdString(label);
        return m_inOneLine ? text.replace(QLatin1Char('\n'), QLatin1Char(' ')) : text;
    }

    [[nodiscard]] QSizeF paddedSize(const QString& text) const { return richTextSize(text, m_font) + QSizeF(m_style.units(labelPaddingPt), 0); }

    void add(PlacedText text, std::vector<LabelCandidate> candidates)
    {
        m_texts.push_back(std::move(text));
        m_candidates.push_back(std::move(candidates));
    }

    void addObstacle(QPointF centre, double halfWidth, double halfHeight, double weight)
    {
        const QRectF box(centre.x() - halfWidth, centre.y() - halfHeight, 2 * halfWidth, 2 * halfHeight);
        if (box.intersects(m_bounds))
            m_obstacles.push_back({box, weight});
    }

    void addCurve(const Column& x, const Column& y)
    {
        if (!x || !y || x->empty())
            return;
        const std::size_t most = m_obstacles.size() + mostCurveBoxes;
        const double half = m_style.units(curveStepPt / 2);
        QPointF before;
        bool hasBefore = false;
        for (std::size_t i = 0; i < std::min(x->size(), y->size()); ++i) {
            if (!std::isfinite((*x)[i]) || !std::isfinite((*y)[i])) {
                hasBefore = false;
                continue;
            }
            const QPointF at = m_rect.pixelOf((*x)[i], (*y)[i]);
            const QLineF way(hasBefore ? before : at, at);
            // Points closer than a box add nothing, steep pieces need several.
            if (hasBefore && way.length() < half)
                continue;
            for (double covered = 0; covered <= way.length() && m_obstacles.size() < most; covered += 2 * half)
                addObstacle(way.length() > 0 ? way.pointAt(1 - covered / way.length()) : at, half, half, 0.1);
            before = at;
            hasBefore = true;
        }
    }

    void collect(const LineLayer& layer) { addCurve(layer.x, layer.y); }
    void collect(const BandLayer&) {}
    void collect(const RasterLayer&) {}
    void collect(const HeatmapLayer&) {}
    void collect(const KeyLayer&) {}
    void collect(const RegionLayer& layer)
    {
        m_hasRegions = true;
        for (const RegionLayer::Class& each : layer.classes) {
            if (!each.place)
                continue;
            const QString name = QString::fromStdString(each.name);
            const QSizeF size = richTextSize(name, m_font);
            const QPointF centre = m_rect.pixelOf((*each.place)[0], (*each.place)[1]);
            const QRectF box(centre - QPointF(size.width() / 2, size.height() / 2), size);
            if (!m_bounds.contains(box))
                continue;
            m_obstacles.push_back({box, wordsWeight});
            m_fixed.push_back({{name, ColourRole::Text, Qt::AlignHCenter}, box});
        }
    }

    void collect(const BarLayer& layer)
    {
        if (!layer.position || !layer.height || layer.orientation == Orientation::Horizontal)
            return;
        for (std::size_t i = 0; i < layer.position->size(); ++i) {
            const double at = (*layer.position)[i] + layer.offset;
            const QRectF box(m_rect.pixelOf(at - layer.width / 2, layer.base + (*layer.height)[i]), m_rect.pixelOf(at + layer.width / 2, layer.base));
            m_obstacles.push_back({box.normalized(), 0.1});
        }
    }

    void collect(const ScatterLayer& layer)
    {
        if (!layer.x || !layer.y)
            return;
        for (std::size_t i = 0; i < layer.x->size(); ++i) {
            const double half = m_style.units((layer.sizesPt ? (*layer.sizesPt)[i] : layer.sizePt) / 2 + 0.5);
            const QPointF at = m_rect.pixelOf((*layer.x)[i], (*layer.y)[i]);
            addObstacle(at, half, half, 1);
            if (layer.xLow && layer.xHigh) {
                const double from = m_rect.xAxis()->coordToPixel((*layer.xLow)[i]);
                const double to = m_rect.xAxis()->coordToPixel((*layer.xHigh)[i]);
                addObstacle({(from + to) / 2, at.y()}, std::abs(to - from) / 2, half, 1);
            }
            if (i >= layer.labels.size() || layer.labels[i].empty() || !m_bounds.adjusted(-half, -half, half, half).contains(at))
                continue;
            const QString text = textOf(layer.labels[i]);
            m_anchors.push_back(at);
            m_anchored.push_back({text, layer.role, Qt::AlignHCenter});
        }
    }

    void collect(const RuleLayer& layer)
    {
        const bool isVertical = layer.orientation == Orientation::Vertical;
        const double at = (isVertical ? m_rect.xAxis() : m_rect.yAxis())->coordToPixel(layer.at);
        const double half = m_style.units(0.6);
        addObstacle(isVertical ? QPointF(at, m_bounds.center().y()) : QPointF(m_bounds.center().x(), at),
            isVertical ? half : m_bounds.width() / 2, isVertical ? m_bounds.height() / 2 : half, 0.3);
        const bool isInside = isVertical ? at >= m_bounds.left() && at <= m_bounds.right() : at >= m_bounds.top() && at <= m_bounds.bottom();
        if (layer.label.empty() || !isInside)
            return;
        const QString text = wrappedText(QString::fromStdString(layer.label), m_font, m_bounds.width());
        const QSizeF size = richTextSize(text, m_font);
        std::vector<LabelCandidate> candidates = isVertical ? besideVertical(at, size) : besideHorizontal(at, size);
        const bool isLeft = isVertical && at > m_bounds.center().x();
        add({text, layer.role, isVertical ? (isLeft ? Qt::AlignRight : Qt::AlignLeft) : Qt::AlignRight}, std::move(candidates));
    }

    [[nodiscard]] std::vector<LabelCandidate> besideVertical(double x, QSizeF size) const
    {
        const double gap = m_style.units(ruleGapPt);
        const bool prefersLeft = x > m_bounds.center().x();
        std::vector<LabelCandidate> candidates;
        for (double top = m_bounds.top(); top + size.height() <= m_bounds.bottom(); top += 0.5 * m_lineHeight) {
            const double cost = (top - m_bounds.top()) / m_lineHeight;
            candidates.push_back({QRectF(QPointF(x - gap - size.width(), top), size), cost + (prefersLeft ? 0 : 1), std::nullopt});
            candidates.push_back({QRectF(QPointF(x + gap, top), size), cost + (prefersLeft ? 1 : 0), std::nullopt});
        }
        if (candidates.empty())
            candidates.push_back({QRectF(QPointF(x + gap, m_bounds.top()), size), 0, std::nullopt});
        return candidates;
    }

    [[nodiscard]] std::vector<LabelCandidate> besideHorizontal(double y, QSizeF size) const
    {
        const double gap = m_style.units(1);
        std::vector<LabelCandidate> candidates;
        for (double share = 1; share >= 0; share -= 0.1) {
            const double x = m_bounds.left() + share * std::max(0.0, m_bounds.width() - size.width());
            candidates.push_back({QRectF(QPointF(x, y - gap - size.height()), size), 2 * (1 - share), std::nullopt});
            candidates.push_back({QRectF(QPointF(x, y + gap), size), 2 * (1 - share) + 0.5, std::nullopt});
        }
        return candidates;
    }

    void collect(const SpanLayer& layer)
    {
        if (layer.label.empty() || layer.orientation != Orientation::Vertical)
            return;
        const double from = std::clamp<double>(m_rect.xAxis()->coordToPixel(layer.from), m_bounds.left(), m_bounds.right());
        const double to = std::clamp<double>(m_rect.xAxis()->coordToPixel(layer.to), m_bounds.left(), m_bounds.right());
        const double top = m_rect.top() + (1 - layer.extent[1]) * m_rect.height();
        const double bottom = m_rect.top() + (1 - layer.extent[0]) * m_rect.height();
        addObstacle({(from + to) / 2, (top + bottom) / 2}, std::abs(to - from) / 2, (bottom - top) / 2, 0.5);
        const QString text = wrappedText(textOf(layer.label), m_font, m_bounds.width() * 0.5);
        add({text, layer.role, Qt::AlignHCenter}, aroundSpan(from, to, top, paddedSize(text)));
    }

    /// Over the middle of the span, moved along or up where something is in the way.
    [[nodiscard]] std::vector<LabelCandidate> aroundSpan(double from, double to, double top, QSizeF size) const
    {
        std::vector<LabelCandidate> candidates;
        const double first = std::max(m_bounds.left(), std::min((from + to) / 2 - size.width() / 2, m_bounds.right() - size.width()));
        for (int lane = 0; lane < 5; ++lane) {
            for (int shift = 0; shift < 6; ++shift) {
                for (const int sign : {-1, 1}) {
                    const double x = first + sign * 0.15 * shift * size.width();
                    const double y = top - m_style.units(ruleGapPt) - size.height() - lane * 0.7 * m_lineHeight;
                    candidates.push_back({QRectF(QPointF(x, y), size), lane + 0.6 * shift, std::nullopt});
                }
            }
        }
        return candidates;
    }

    void collect(const TextLayer& layer)
    {
        const QString text = wrappedText(QString::fromStdString(layer.text), m_font, m_bounds.width());
        const QSizeF size = richTextSize(text, m_font);
        const double x = m_rect.left() + layer.x * m_rect.width() - (layer.alignsRight ? size.width() : 0);
        const double y = m_rect.top() + (1 - layer.y) * m_rect.height() - (layer.alignsTop ? 0 : size.height());
        QRectF box(QPointF(x, y), size);
        // Texts of the same corner stand one below the other.
        for (const auto& [other, taken] : m_fixed)
            if (box.intersects(taken))
                box.moveTop(layer.alignsTop ? taken.bottom() : taken.top() - size.height());
        m_obstacles.push_back({box.adjusted(0, 0, m_style.units(labelPaddingPt), 0), wordsWeight});
        m_fixed.push_back({{text, layer.role, layer.alignsRight ? Qt::AlignRight : Qt::AlignLeft}, box});
    }

    bool m_inOneLine;
    const FigureAxisRect& m_rect;
    QPointer<QCPLegend> m_legend;
    const RenderStyle& m_style;
    QFont m_font;
    QRectF m_bounds;
    double m_lineHeight;
    std::vector<LabelObstacle> m_obstacles;
    std::vector<QPointF> m_anchors; ///< of labelled points, with their texts
    std::vector<PlacedText> m_anchored;
    std::vector<PlacedText> m_texts;
    std::vector<std::vector<LabelCandidate>> m_candidates;
    std::vector<std::size_t> m_chosen; ///< of the candidates of each text
    std::vector<std::pair<PlacedText, QRectF>> m_fixed;
    bool m_hasRegions = false; ///< words lie over colours and lines: they get a ground
};

} // namespace

void addPanelLabels(PanelPlot& target, const RenderStyle& style)
{
    const PanelPlot* source = &target;
    auto paint = [source, style](QCPPainter& painter) {
        LabelPainter labels(*source, style, false);
        labels.place(*source->panel);
        if (labels.overlaps() == 0)
            return labels.draw(painter);
        LabelPainter lower(*source, style, true);
        lower.place(*source->panel);
        (lower.overlaps() < labels.overlaps() ? lower : labels).draw(painter);
    };
    target.painted.push_back(std::make_unique<PaintedLayer>(target.rect, QStringLiteral("legend"), false, std::move(paint)));
}

} // namespace brink
