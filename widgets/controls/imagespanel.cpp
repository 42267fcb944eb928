// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/imagespanel.h"

#include "widgets/controls/elidedlabel.h"
#include "widgets/controls/thumbnaillist.h"
#include "widgets/controls/uitheme.h"

#include <QAction>
#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLocale>
#include <QSignalBlocker>
#include <QStandardItemModel>
#include <QToolButton>
#include <QVBoxLayout>

namespace brink {

namespace {

/// Both lists stand one above the other in the same dock area.
constexpr int narrowest = 224;

QComboBox* makeCombo(const QString& name, const QString& toolTip, QWidget* parent)
{
    auto* combo = new QComboBox(parent);
    combo->setAccessibleName(name);
    combo->setToolTip(toolTip);
    combo->setMinimumContentsLength(6);
    combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    combo->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    return combo;
}

void setItemEnabled(QComboBox* combo, int row, bool isEnabled)
{
    static_cast<QStandardItemModel*>(combo->model())->item(row)->setEnabled(isEnabled);
}

} // namespace

ImagesPanel::ImagesPanel(QWidget* parent)
    : QWidget(parent), m_bar(new QWidget(this)),
      m_filter(makeCombo(tr("Images shown"), tr("Show all images, those the current model gets right or wrong, or those of one class"), m_bar)),
      m_sort(makeCombo(tr("Order of the images"),
          tr("Logit margin: largest logit minus the second largest. A small margin is often, not always, a small distance."), m_bar)),
      m_count(new ElidedLabel({}, m_bar)), m_list(new ThumbnailList(this))
{
    setMinimumWidth(narrowest);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    buildBar();
    layout->addWidget(m_bar);
    layout->addWidget(m_list, 1);
    setClasses({}, false);
    setCounts(0, 0, {});
}

void ImagesPanel::buildBar()
{
    auto* rows = new QVBoxLayout(m_bar);
    rows->setContentsMargins(12, 0, 8, 0);
    rows->setSpacing(2);
    auto* choices = new QHBoxLayout;
    choices->setSpacing(4);
    choices->addWidget(m_filter, 1);
    choices->addWidget(m_sort, 1);
    rows->addLayout(choices);
    auto* foot = new QHBoxLayout;
    foot->setSpacing(2);
    m_count->setProperty("role", QStringLiteral("muted"));
    m_count->setMinimumHeight(22); // with and without buttons
    foot->addWidget(m_count, 1);
    rows->addLayout(foot);
    const std::pair<QString, ImageSort> orders[] = {{tr("by index"), ImageSort::Index}, {tr("smallest margin"), ImageSort::SmallestMargin},
        {tr("largest margin"), ImageSort::LargestMargin}, {tr("least confident"), ImageSort::LeastConfident},
        {tr("most confident"), ImageSort::MostConfident}};
    for (const auto& [text, sort] : orders)
        m_sort->addItem(text, int(sort));
    connect(m_filter, &QComboBox::activated, this, &ImagesPanel::publish);
    connect(m_sort, &QComboBox::activated, this, &ImagesPanel::publish);
}

void ImagesPanel::setClasses(const QStringList& names, bool hasLabels)
{
    if (names == m_classes && hasLabels == m_hasLabels && m_filter->count() > 0)
        return;
    m_classes = names;
    m_hasLabels = hasLabels;
    const QSignalBlocker blocker(m_filter);
    m_filter->clear();
    m_filter->addItem(tr("all images"), int(ImageFilter::All));
    m_filter->addItem(tr("right"), int(ImageFilter::Right));
    m_filter->addItem(tr("wrong"), int(ImageFilter::Wrong));
    for (const int row : {1, 2}) {
        setItemEnabled(m_filter, row, hasLabels);
        m_filter->setItemData(row, hasLabels ? QString() : tr("This image set has no labels"), Qt::ToolTipRole);
    }
    for (const QString& name : names)
        m_filter->addItem(hasLabels ? tr("class %1").arg(name) : tr("predicted %1").arg(name), int(ImageFilter::OfClass));
    setQuery(m_query);
}

void ImagesPanel::setQuery(const ImageQuery& query)
{
    m_query = query;
    const QSignalBlocker filterBlocker(m_filter), sortBlocker(m_sort);
    constexpr int plain = 3; // rows before the classes
    const int row = query.filter == ImageFilter::OfClass ? plain + query.classIndex : int(query.filter);
    m_filter->setCurrentIndex(row < m_filter->count() ? row : 0);
    m_sort->setCurrentIndex(m_sort->findData(int(query.sort)));
}

void ImagesPanel::publish()
{
    constexpr int plain = 3;
    ImageQuery query;
    query.filter = ImageFilter(m_filter->currentData().toInt());
    query.classIndex = query.filter == ImageFilter::OfClass ? m_filter->currentIndex() - plain : -1;
    query.sort = ImageSort(m_sort->currentData().toInt());
    if (query == m_query)
        return;
    m_query = query;
    Q_EMIT queryEdited(query);
}

void ImagesPanel::setCounts(int shown, int total, const QString& note)
{
    const QLocale locale;
    QString text = tr("%1 of %2").arg(locale.toString(shown), locale.toString(total));
    if (!note.isEmpty())
        text += QStringLiteral(" · ") + note;
    m_count->setText(text);
    m_count->setToolTip(tr("Images shown, of all in the set%1").arg(note.isEmpty() ? QString() : QStringLiteral("\n") + note));
    m_count->setAccessibleName(tr("Images shown: %1").arg(text));
    m_bar->setVisible(total > 0);
    const bool isFilteredAway = shown == 0 && total > 0;
    m_list->setEmptyText(isFilteredAway ? tr("No image of the set is %1. Choose \"all images\" to see them again.").arg(m_filter->currentText())
                                        : tr("Drop images, a folder or a data set file here, or press + to open them."));
}

QString ImagesPanel::countText() const { return m_count->text(); }

void ImagesPanel::setSteps(QAction* previousWrong, QAction* nextWrong)
{
    m_previous = makeStep(previousWrong);
    m_next = makeStep(nextWrong);
    retint();
}

QToolButton* ImagesPanel::makeStep(QAction* action)
{
    auto* button = new QToolButton(m_bar);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::StrongFocus);
    button->setAccessibleName(action->text());
    button->setToolTip(QStringLiteral("%1 (%2)").arg(action->toolTip(), action->shortcut().toString(QKeySequence::NativeText)));
    button->setEnabled(action->isEnabled());
    connect(button, &QToolButton::clicked, action, &QAction::trigger);
    connect(action, &QAction::enabledChanged, button, &QToolButton::setEnabled);
    static_cast<QVBoxLayout*>(m_bar->layout())->itemAt(1)->layout()->addWidget(button);
    return button;
}

void ImagesPanel::retint()
{
    const QColor colour = uiColours(palette()).alarm;
    for (const auto& [button, icon] : {std::pair{m_previous, "previouswrong"}, std::pair{m_next, "nextwrong"}})
        if (button)
            button->setIcon(tintedIcon(QLatin1String(icon), colour));
}

void ImagesPanel::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange)
        retint();
    QWidget::changeEvent(event);
}

} // namespace brink
