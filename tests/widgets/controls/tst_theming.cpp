// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/elidedlabel.h"
#include "widgets/controls/formarea.h"
#include "widgets/controls/statusbadge.h"
#include "widgets/controls/uitheme.h"

#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QTest>
#include <QVBoxLayout>

using namespace brink;

/// What the style sheet of a theme does to the controls, on screen and after a change.
class TestTheming : public QObject {
    Q_OBJECT
private slots:
    void init() { useTheme(false); }
    void cleanupTestCase() { qApp->setStyleSheet({}); }

    void findingsFollowAChangeOfTheme_data()
    {
        QTest::addColumn<StatusBadge::Grade>("grade");
        QTest::addColumn<QColor UiColours::*>("colour");
        QTest::addRow("good") << StatusBadge::Grade::Good << &UiColours::good;
        QTest::addRow("caution") << StatusBadge::Grade::Caution << &UiColours::caution;
        QTest::addRow("alarm") << StatusBadge::Grade::Alarm << &UiColours::alarm;
        QTest::addRow("neutral") << StatusBadge::Grade::Neutral << &UiColours::muted;
    }
    void findingsFollowAChangeOfTheme()
    {
        QFETCH(StatusBadge::Grade, grade);
        QFETCH(QColor UiColours::*, colour);
        StatusBadge badge;
        badge.setFinding(grade, QStringLiteral("order holds"));
        badge.show();
        for (const bool isNight : {false, true, false}) {
            useTheme(isNight);
            QCOMPARE(textColour(badge), uiColours(isNight).*colour);
        }
    }

    void aFormIsNeverCutOffAtTheSide()
    {
        auto* form = new QWidget;
        auto* layout = new QVBoxLayout(form);
        FormArea area(form);
        area.resize(40, 100);
        area.show();
        auto* field = new QLineEdit; // comes later and is wider
        field->setMinimumWidth(300);
        layout->addWidget(field);
        QTRY_VERIFY(area.viewport()->width() >= 300);
    }

    void aLabelGivesWayAndTriesItsShortText()
    {
        ElidedLabel label(QStringLiteral("nearest adversarial · automobile · 48.6 %"));
        QCOMPARE(label.minimumSizeHint().width(), 0);
        const int shortWidth = label.fontMetrics().horizontalAdvance(QStringLiteral("nearest"));
        label.setShortText(QStringLiteral("nearest"));
        label.resize(shortWidth + 4, label.sizeHint().height());
        const QImage narrow = label.grab().toImage();
        label.setText(QStringLiteral("nearest"));
        QCOMPARE(narrow, label.grab().toImage());
    }

private:
    static void useTheme(bool isNight)
    {
        QApplication::setPalette(uiPalette(isNight));
        qApp->setStyleSheet(uiStyleSheet(isNight));
    }

    static QColor textColour(const StatusBadge& badge)
    {
        for (const auto* label : badge.findChildren<QLabel*>())
            if (!label->text().isEmpty())
                return label->palette().color(label->foregroundRole());
        return {};
    }
};

QTEST_MAIN(TestTheming)
#include "tst_theming.moc"
