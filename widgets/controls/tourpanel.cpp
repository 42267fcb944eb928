// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/tourpanel.h"

#include "widgets/controls/uitheme.h"

#include <QGuiApplication>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace brink {

namespace {

constexpr int panelWidth = 300;
constexpr int gap = 10;

/// Lies over the place spoken of and lets everything through.
class TourFrame : public QWidget {
public:
    explicit TourFrame(QWidget* window) : QWidget(window)
    {
        setAttribute(Qt::WA_TransparentForMouseEvents);
        setAttribute(Qt::WA_NoSystemBackground);
        setFocusPolicy(Qt::NoFocus);
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(uiColours(QGuiApplication::palette()).accent, 3));
        painter.drawRoundedRect(QRectF(rect()).adjusted(2, 2, -2, -2), 5, 5);
    }
};

QPushButton* makeButton(const QString& text, const QString& toolTip, QWidget* parent)
{
    auto* button = new QPushButton(text, parent);
    button->setAccessibleName(text);
    button->setToolTip(toolTip);
    return button;
}

} // namespace

TourPanel::TourPanel(QWidget* window)
    : QFrame(window), m_window(window), m_frame(new TourFrame(window)), m_count(new QLabel(this)), m_title(new QLabel(this)),
      m_text(new QLabel(this)), m_back(makeButton(tr("Back"), tr("The step before"), this)),
      m_next(makeButton(tr("Next"), tr("The next step"), this)), m_close(makeButton(tr("Close"), tr("End the tour (Esc); Help > Tour opens it again"), this))
{
    setObjectName(QStringLiteral("tour"));
    setProperty("surface", QStringLiteral("callout"));
    setAttribute(Qt::WA_StyledBackground);
    setAccessibleName(tr("Tour"));
    setFixedWidth(panelWidth);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(14, 10, 14, 12);
    layout->setSpacing(6);
    m_count->setProperty("role", QStringLiteral("muted"));
    m_title->setProperty("role", QStringLiteral("heading"));
    m_title->setWordWrap(true);
    m_text->setWordWrap(true);
    layout->addWidget(m_count);
    layout->addWidget(m_title);
    layout->addWidget(m_text);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_close);
    buttons->addStretch(1);
    buttons->addWidget(m_back);
    buttons->addWidget(m_next);
    layout->addLayout(buttons);
    m_next->setProperty("primary", true);
    connect(m_close, &QPushButton::clicked, this, &TourPanel::finish);
    connect(m_back, &QPushButton::clicked, this, [this] { show(m_step - 1); });
    connect(m_next, &QPushButton::clicked, this, [this] { m_step + 1 < m_steps.size() ? show(m_step + 1) : finish(); });
    m_window->installEventFilter(this);
    hide();
    m_frame->hide();
}

TourPanel::~TourPanel() = default;

void TourPanel::start(QList<TourStep> steps)
{
    m_steps = std::move(steps);
    if (m_steps.isEmpty())
        return;
    m_isOpen = true;
    m_isPaused = false;
    show(0);
    m_next->setFocus();
}

void TourPanel::setPaused(bool isPaused)
{
    if (!m_isOpen || isPaused == m_isPaused)
        return;
    m_isPaused = isPaused;
    if (!m_isPaused)
        return show(m_step);
    hide();
    m_frame->hide();
}

void TourPanel::show(int step)
{
    m_step = std::clamp(step, 0, int(m_steps.size()) - 1);
    const TourStep& shown = m_steps[m_step];
    m_count->setText(tr("%1 of %2").arg(m_step + 1).arg(m_steps.size()));
    m_title->setText(shown.title);
    m_text->setText(shown.text);
    setAccessibleDescription(QStringLiteral("%1. %2").arg(shown.title, shown.text));
    m_back->setEnabled(m_step > 0);
    const bool isLast = m_step + 1 == m_steps.size();
    m_next->setText(isLast ? tr("Done") : tr("Next"));
    m_next->setAccessibleName(m_next->text());
    m_close->setVisible(!isLast);
    QFrame::show();
    m_frame->show();
    m_frame->raise();
    raise();
    place();
}

QRect TourPanel::targetRect() const
{
    const TourStep& shown = m_steps[m_step];
    if (!shown.target || !shown.target->isVisible() || shown.target->window() != m_window)
        return {};
    const QRect area = shown.area ? shown.area() : shown.target->rect();
    return {shown.target->mapTo(m_window, area.topLeft()), area.size()};
}

/// Below the place, or above it, or beside it: where the panel covers least of it.
void TourPanel::place()
{
    if (m_steps.isEmpty())
        return;
    layout()->activate();
    setFixedHeight(std::max(layout()->totalHeightForWidth(panelWidth), layout()->minimumSize().height()));
    const QRect room = m_window->rect().adjusted(gap, gap, -gap, -gap);
    const QRect target = targetRect();
    m_frame->setVisible(!target.isNull());
    m_frame->setGeometry(target.adjusted(-2, -2, 2, 2));
    const QSize size(panelWidth, height());
    const QPoint candidates[] = {{target.left(), target.bottom() + gap}, {target.left(), target.top() - gap - size.height()},
        {target.right() + gap, target.top()}, {target.left() - gap - size.width(), target.top()}};
    QPoint best = room.center() - QPoint(size.width() / 2, size.height() / 2);
    qint64 least = std::numeric_limits<qint64>::max();
    for (const QPoint& candidate : candidates) {
        if (target.isNull())
            break;
        const QPoint inside(std::clamp(candidate.x(), room.left(), std::max(room.left(), room.right() - size.width())),
            std::clamp(candidate.y(), room.top(), std::max(room.top(), room.bottom() - size.height())));
        const QRect covered = QRect(inside, size).intersected(target);
        const qint64 area = qint64(covered.width()) * covered.height();
        if (area < least) {
            least = area;
            best = inside;
        }
    }
    move(best);
}

void TourPanel::finish()
{
    m_isOpen = false;
    hide();
    m_frame->hide();
    Q_EMIT closed();
}

void TourPanel::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape)
        return finish();
    QFrame::keyPressEvent(event);
}

/// Esc belongs to the panel while it has the focus, not to the window's Stop.
bool TourPanel::event(QEvent* event)
{
    if (event->type() == QEvent::ShortcutOverride && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        event->accept();
        return true;
    }
    return QFrame::event(event);
}

bool TourPanel::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_window && isVisible() && (event->type() == QEvent::Resize || event->type() == QEvent::LayoutRequest))
        place();
    return QFrame::eventFilter(watched, event);
}

} // namespace brink
