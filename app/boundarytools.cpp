// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/boundarytools.h"

#include "app/boundarytext.h"
#include "app/qtext.h"
#include "widgets/controls/segmented.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSlider>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace brink {

namespace {

constexpr std::array planes{PlaneKind::Gradient, PlaneKind::Sign, PlaneKind::Adversarials, PlaneKind::Images, PlaneKind::Tangent, PlaneKind::Directions};
constexpr std::array resolutions{64, 128, 256, 512, 1024};
constexpr double degreesPerStep = 5;

QDoubleSpinBox* makeNumber(const QString& name, const QString& toolTip, double low, double high, int decimals, QWidget* parent)
{
    auto* box = new QDoubleSpinBox(parent);
    box->setRange(low, high);
    box->setDecimals(decimals);
    box->setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
    box->setKeyboardTracking(false);
    box->setButtonSymbols(QAbstractSpinBox::NoButtons);
    box->setAccessibleName(name);
    box->setToolTip(toolTip);
    return box;
}

} // namespace

std::optional<SliceFrame> shownFrame(const BoundaryChoices& choices, const std::shared_ptr<const SliceResult>& slice)
{
    if (choices.frame)
        return choices.frame;
    return slice ? std::optional(slice->frame) : std::nullopt;
}

SliceFrame scaledFrame(const SliceFrame& frame, double factor)
{
    const double x = (frame.left + frame.right) / 2, y = (frame.bottom + frame.top) / 2;
    const double width = factor * frame.width() / 2, height = factor * frame.height() / 2;
    return {x - width, x + width, y - height, y + height};
}

QLabel* quietLabel(const QString& text, QWidget* buddy, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setProperty("role", QStringLiteral("muted"));
    label->setBuddy(buddy);
    return label;
}

BoundaryTools::BoundaryTools(QWidget* parent) : QWidget(parent)
{
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(16, 6, 12, 2);
    rows->setSpacing(4);
    rows->addWidget(makePlaneRow());
    rows->addWidget(makeViewRow());
}

QWidget* BoundaryTools::makePlaneRow()
{
    auto* row = new QWidget(this);
    m_plane = new Segmented({tr("Gradient"), tr("Sign"), tr("Adversarials"), tr("Three images"), tr("Tangent"), tr("Curved")},
        {tr("Against the gradient of the margin, and a random direction orthogonal to it"), tr("Against the sign of that gradient, the steepest way in L∞"),
            tr("Through the image, its nearest adversarial image and a second one"), tr("Through the image and two others: those beside “Images”, or from the menu of an image in the list"),
            tr("Two random directions tangent to the boundary at its nearest point"),
            tr("Along a principal direction of the boundary's curvature and its normal: the boundary is seen to bend")},
        row);
    m_plane->setAccessibleName(tr("Plane"));
    m_turn = new QSlider(Qt::Horizontal, row);
    m_turn->setRange(-180, 180);
    m_turn->setFixedWidth(90);
    m_turn->setAccessibleName(tr("Turn"));
    m_turn->setToolTip(tr("Turn the plane around its first axis, towards another random direction"));
    m_turnDegrees = makeNumber(tr("Turn in degrees"), m_turn->toolTip(), -180, 180, 0, row);
    m_turnDegrees->setSuffix(QStringLiteral("°"));
    m_turnDegrees->setStepType(QAbstractSpinBox::DefaultStepType);
    m_turnDegrees->setSingleStep(degreesPerStep);
    m_state = new StatusBadge(row);
    m_stop = new QPushButton(tr("Stop"), row);
    m_stop->setAccessibleName(tr("Stop the slice"));
    m_stop->setToolTip(tr("Keep the picture as coarse as it is"));
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(m_plane);
    layout->addWidget(quietLabel(tr("Turn"), m_turn, row));
    layout->addWidget(m_turn);
    layout->addWidget(m_turnDegrees);
    layout->addStretch(1);
    layout->addWidget(m_state);
    layout->addWidget(m_stop);
    connect(m_stop, &QPushButton::clicked, this, &BoundaryTools::stopWanted);
    connect(m_plane, &Segmented::picked, this, [this](int index) {
        BoundaryChoices choices = m_choices;
        choices.plane = planes[std::size_t(index)];
        choices.frame.reset(); // the other plane has other units
        Q_EMIT edited(choices, {});
    });
    connect(m_turn, &QSlider::valueChanged, this, &BoundaryTools::turn);
    connect(m_turnDegrees, &QDoubleSpinBox::valueChanged, this, &BoundaryTools::turn);
    return row;
}

QWidget* BoundaryTools::makeViewRow()
{
    auto* row = new QWidget(this);
    m_extent = makeNumber(tr("Extent"), tr("How far the picture reaches from its middle, in the norm of the axes"), 1e-4, 1e5, 4, row);
    m_eps = makeNumber(tr("Radius of the ball"), tr("Outline of the ball of this radius around the image, in the norm of the axes; 0: none"), 0, 1e5, 4, row);
    m_eps->setSpecialValueText(tr("none"));
    for (QDoubleSpinBox* box : {m_extent, m_eps})
        box->setMaximumWidth(92);
    m_resolution = new QComboBox(row);
    for (const int size : resolutions)
        m_resolution->addItem(tr("%1 × %1").arg(size), size);
    m_resolution->setAccessibleName(tr("Resolution"));
    m_resolution->setToolTip(tr("Points of the finest picture; coarser ones come first"));
    m_clips = new QCheckBox(tr("Clip to the pixel box"), row);
    m_clips->setToolTip(tr("Points with values outside of [0,1] are clipped before the model sees them; otherwise it sees them as they are"));
    m_steps = new QCheckBox(tr("Attack steps"), row);
    m_steps->setAccessibleName(m_steps->text());
    m_steps->setToolTip(tr("Marks the way of the attack chosen in Inspect; each step is drawn where it is nearest to the plane, and says how far off it lies"));
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(quietLabel(tr("Extent"), m_extent, row));
    layout->addWidget(m_extent);
    layout->addWidget(quietLabel(tr("Ball, eps"), m_eps, row));
    layout->addWidget(m_eps);
    layout->addWidget(quietLabel(tr("Resolution"), m_resolution, row));
    layout->addWidget(m_resolution);
    layout->addWidget(m_clips);
    layout->addWidget(m_steps);
    layout->addWidget(makeImagesRow(row));
    layout->addStretch(1);
    connect(m_extent, &QDoubleSpinBox::valueChanged, this, [this](double half) {
        const auto frame = shownFrame(m_choices, m_result);
        if (!frame)
            return;
        BoundaryChoices choices = m_choices;
        choices.frame = scaledFrame(*frame, 2 * half / frame->width());
        Q_EMIT edited(choices, QStringLiteral("frame"));
    });
    connect(m_eps, &QDoubleSpinBox::valueChanged, this, [this](double eps) {
        BoundaryChoices choices = m_choices;
        choices.eps = eps;
        Q_EMIT edited(choices, QStringLiteral("eps"));
    });
    connect(m_resolution, &QComboBox::activated, this, [this](int index) {
        BoundaryChoices choices = m_choices;
        choices.resolution = m_resolution->itemData(index).toInt();
        Q_EMIT edited(choices, {});
    });
    connect(m_steps, &QCheckBox::toggled, this, [this](bool isOn) {
        BoundaryChoices choices = m_choices;
        choices.showsSteps = isOn;
        Q_EMIT edited(choices, {});
    });
    connect(m_clips, &QCheckBox::toggled, this, [this](bool isOn) {
        BoundaryChoices choices = m_choices;
        choices.clips = isOn;
        Q_EMIT edited(choices, {});
    });
    return row;
}

QWidget* BoundaryTools::makeImagesRow(QWidget* parent)
{
    const std::array names{tr("Second image of the plane"), tr("Third image of the plane")};
    m_imagesRow = new QWidget(parent);
    auto* layout = new QHBoxLayout(m_imagesRow);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    for (std::size_t i = 0; i < m_images.size(); ++i) {
        m_images[i] = new QSpinBox(m_imagesRow);
        m_images[i]->setRange(-1, 1'000'000'000);
        m_images[i]->setButtonSymbols(QAbstractSpinBox::NoButtons);
        m_images[i]->setSpecialValueText(tr("next"));
        m_images[i]->setKeyboardTracking(false);
        m_images[i]->setFixedWidth(56);
        m_images[i]->setAccessibleName(names[i]);
        m_images[i]->setToolTip(tr("Index of the image; “next” takes the next one of the set. The menu of an image in the list sets it, too"));
        connect(m_images[i], &QSpinBox::valueChanged, this, [this, i](int index) {
            BoundaryChoices choices = m_choices;
            choices.images[i] = index;
            choices.frame.reset();
            Q_EMIT edited(choices, QStringLiteral("images"));
        });
    }
    layout->addWidget(quietLabel(tr("Images"), m_images[0], m_imagesRow));
    layout->addWidget(m_images[0]);
    layout->addWidget(quietLabel(tr("and"), m_images[1], m_imagesRow));
    layout->addWidget(m_images[1]);
    return m_imagesRow;
}

void BoundaryTools::turn(double degrees)
{
    BoundaryChoices choices = m_choices;
    choices.turn = degrees;
    if (choices != m_choices)
        Q_EMIT edited(choices, QStringLiteral("turn"));
}

void BoundaryTools::showChoices(const BoundaryChoices& choices, const std::shared_ptr<const SliceResult>& slice)
{
    m_choices = choices;
    m_result = slice;
    m_plane->setCurrent(int(std::ranges::find(planes, choices.plane) - planes.begin()));
    const QSignalBlocker turn(m_turn), degrees(m_turnDegrees), extent(m_extent), eps(m_eps), clips(m_clips), steps(m_steps), second(m_images[0]), third(m_images[1]);
    m_steps->setChecked(choices.showsSteps);
    m_imagesRow->setVisible(choices.plane == PlaneKind::Images);
    for (std::size_t i = 0; i < m_images.size(); ++i)
        m_images[i]->setValue(int(choices.images[i]));
    m_turn->setValue(int(choices.turn));
    m_turnDegrees->setValue(choices.turn);
    m_eps->setValue(choices.eps);
    m_clips->setChecked(choices.clips);
    m_resolution->setCurrentIndex(int(std::ranges::find(resolutions, choices.resolution) - resolutions.begin()));
    const std::optional<SliceFrame> frame = shownFrame(choices, slice);
    m_extent->setEnabled(frame.has_value());
    if (frame)
        m_extent->setValue(frame->width() / 2);
    const QString unit = slice ? QLatin1Char(' ') + qtext(normLabel(slice->plane->norm)) : QString();
    m_extent->setSuffix(unit);
    m_eps->setSuffix(unit);
}

void BoundaryTools::showState(const BoundaryDesk& desk)
{
    m_state->setState(desk.state(), sliceDetail(desk));
    m_state->setToolTip(desk.failure());
    m_stop->setVisible(desk.state() == ViewState::Running);
}

} // namespace brink
