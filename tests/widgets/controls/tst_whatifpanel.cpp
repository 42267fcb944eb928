// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/whatifpanel.h"

#include <QCheckBox>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>

using namespace brink;

namespace {

template <typename T>
T* child(const QWidget& parent, const QString& name)
{
    for (T* each : parent.findChildren<T*>())
        if (each->accessibleName() == name || each->property("text").toString() == name)
            return each;
    return nullptr;
}

} // namespace

class TestWhatIfPanel : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aTickedKnobIsToldOnceWithItsValue()
    {
        WhatIfButton button;
        QSignalSpy edited(&button, &WhatIfButton::valuesEdited);
        auto* jpeg = child<QCheckBox>(button, QStringLiteral("saved as JPEG"));
        auto* quality = child<QSpinBox>(button, QStringLiteral("JPEG quality"));
        QVERIFY(jpeg && quality && !quality->isEnabled());
        jpeg->click();
        QCOMPARE(edited.count(), 1);
        QCOMPARE(button.values().jpegQuality, std::optional(75));
        QVERIFY(quality->isEnabled());
        quality->setValue(40);
        QCOMPARE(edited.count(), 2);
        QCOMPARE(edited.at(1).at(0).value<WhatIfValues>().jpegQuality, std::optional(40));
        QCOMPARE(button.text(), QStringLiteral("What if: JPEG 40"));
    }

    void resetLeavesTheImageAsItIs()
    {
        WhatIfButton button;
        WhatIfValues values;
        values.scale = 0.5;
        values.bits = 3;
        QSignalSpy edited(&button, &WhatIfButton::valuesEdited);
        button.setValues(values);
        QCOMPARE(edited.count(), 0);
        QVERIFY(child<QCheckBox>(button, QStringLiteral("rounded to"))->isChecked());
        child<QPushButton>(button, QStringLiteral("Leave it as it is"))->click();
        QCOMPARE(edited.count(), 1);
        QCOMPARE(button.values(), WhatIfValues());
        QVERIFY(!child<QCheckBox>(button, QStringLiteral("rounded to"))->isChecked());
        QCOMPARE(button.text(), QStringLiteral("What if"));
    }
};

QTEST_MAIN(TestWhatIfPanel)
#include "tst_whatifpanel.moc"
