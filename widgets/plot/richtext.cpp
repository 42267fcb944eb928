// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plot/richtext.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QStringList>

#include <algorithm>
#include <cmath>
#include <vector>

namespace brink {

namespace {

constexpr double subscriptScale = 0.72;
constexpr double subscriptDrop = 0.22; // of the font's height
constexpr double lineSpacing = 1.12;

struct Run {
    QString text;
    bool isSubscript = false;
};

std::vector<Run> runsOf(const QString& line)
{
    std::vector<Run> runs;
    qsizetype at = 0;
    while (at < line.size()) {
        const qsizetype open = line.indexOf(QLatin1String("_{"), at);
        const qsizetype close = open < 0 ? -1 : line.indexOf(QLatin1Char('}'), open);
        if (close < 0) {
            runs.push_back({line.mid(at), false});
            break;
        }
        if (open > at)
            runs.push_back({line.mid(at, open - at), false});
        runs.push_back({line.mid(open + 2, close - open - 2), true});
        at = close + 1;
    }
    return runs;
}

QFont subscriptFont(QFont font)
{
    font.setPixelSize(std::max(1, int(std::lround(font.pixelSize() * subscriptScale))));
    return font;
}

double lineWidth(const QString& line, const QFont& font)
{
    const QFontMetricsF metrics(font);
    const QFontMetricsF small(subscriptFont(font));
    double width = 0;
    for (const Run& run : runsOf(line))
        width += (run.isSubscript ? small : metrics).horizontalAdvance(run.text);
    return width;
}

} // namespace

QSizeF richTextSize(const QString& text, const QFont& font)
{
    if (text.isEmpty())
        return {0, 0};
    const QStringList lines = text.split(QLatin1Char('\n'));
    double width = 0;
    for (const QString& line : lines)
        width = std::max(width, lineWidth(line, font));
    const QFontMetricsF metrics(font);
    return {width, metrics.height() * (1 + lineSpacing * double(lines.size() - 1))};
}

void drawRichText(QPainter& painter, QPointF topLeft, const QString& text, const QFont& font, Qt::Alignment alignment)
{
    const QFontMetricsF metrics(font);
    const double boxWidth = richTextSize(text, font).width();
    double baseline = topLeft.y() + metrics.ascent();
    for (const QString& line : text.split(QLatin1Char('\n'))) {
        const double slack = boxWidth - lineWidth(line, font);
        double x = topLeft.x() + (alignment & Qt::AlignRight ? slack : alignment & Qt::AlignHCenter ? slack / 2 : 0);
        for (const Run& run : runsOf(line)) {
            const QFont runFont = run.isSubscript ? subscriptFont(font) : font;
            painter.setFont(runFont);
            painter.drawText(QPointF(x, baseline + (run.isSubscript ? subscriptDrop * metrics.ascent() : 0)), run.text);
            x += QFontMetricsF(runFont).horizontalAdvance(run.text);
        }
        baseline += metrics.height() * lineSpacing;
    }
}

QString wrappedText(const QString& text, const QFont& font, double width)
{
    QStringList lines;
    for (const QString& paragraph : text.split(QLatin1Char('\n'))) {
        QString line;
        for (const QString& word : paragraph.split(QLatin1Char(' '))) {
            const QString longer = line.isEmpty() ? word : line + QLatin1Char(' ') + word;
            if (!line.isEmpty() && lineWidth(longer, font) > width) {
                lines << line;
                line = word;
            } else {
                line = longer;
            }
        }
        lines << line;
    }
    return lines.join(QLatin1Char('\n'));
}

} // namespace brink
