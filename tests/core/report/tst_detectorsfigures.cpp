// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/detectorsfigures.h"
#include "tests/support/compare.h"
#include "tests/support/detectorsample.h"

#include <QTest>

#include <algorithm>

using namespace brink;
using namespace brink::test;

namespace {

std::optional<Figure> made(const std::string& name, const DetectorSurvey& survey, const DetectorsView& view = {})
{
    const auto summary = summarise(survey);
    const auto found = std::ranges::find(detectorsFigureInfos(), name, &DetectorsFigureInfo::name);
    return found == detectorsFigureInfos().end() || !summary ? std::nullopt : found->make(survey, *summary, view);
}

template <typename T> const T* layer(const Figure& figure, const std::string& panel, const std::string& id)
{
    for (const Panel& each : figure.panels)
        for (const Layer& candidate : each.layers)
            if (const auto* own = std::get_if<T>(&candidate); own && each.id == panel && own->id == id)
                return own;
    return nullptr;
}

std::vector<std::string> panelIds(const Figure& figure)
{
    std::vector<std::string> ids;
    for (const Panel& panel : figure.panels)
        ids.push_back(panel.id);
    return ids;
}

} // namespace

class TestDetectorsFigures : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyFigureHasItsFacts_data()
    {
        QTest::addColumn<QString>("name");
        for (const DetectorsFigureInfo& info : detectorsFigureInfos())
            QTest::addRow("%s", info.name.c_str()) << QString::fromStdString(info.name);
    }
    void everyFigureHasItsFacts()
    {
        QFETCH(const QString, name);
        const auto figure = made(name.toStdString(), sampleDetectors());
        QVERIFY(figure);
        QCOMPARE(figure->name, name.toStdString());
        QVERIFY(figure->caption.find("sample net") != std::string::npos);
        QVERIFY(figure->caption.find("adaptive attack") != std::string::npos); // the standing warning
        QCOMPARE(figure->provenance["kind"].get<std::string>(), std::string("detectors"));
        QVERIFY(figure->provenance["parameters"]["detectors"].size() == 2);
        QVERIFY(figure->provenance["images"]["source"].get<std::string>().find('/') == std::string::npos);
        QVERIFY(!figureCsv(*figure).empty());
        for (const Panel& panel : figure->panels)
            for (const Axis* axis : {&panel.x, &panel.y})
                QVERIFY(axis->label.empty() || axis->label.find('%') != std::string::npos); // never a number without its unit
    }

    void rocOfAllDetectors()
    {
        const DetectorSurvey survey = sampleDetectors();
        const auto figure = made("detectors-roc", survey);
        QCOMPARE(panelIds(*figure), (std::vector<std::string>{"attack 0", "key"}));
        const auto* plain = layer<LineLayer>(*figure, "attack 0", "squeezing 0");
        const auto* knowing = layer<LineLayer>(*figure, "attack 0", "squeezing 0 adaptive");
        const auto* curvature = layer<LineLayer>(*figure, "attack 0", "curvature 1");
        QVERIFY(plain && knowing && curvature);
        QCOMPARE(plain->x->front(), 0.0);
        QCOMPARE(plain->y->back(), 100.0);
        QVERIFY(plain->role == knowing->role && plain->dash != knowing->dash && plain->role != curvature->role);
        const auto* point = layer<ScatterLayer>(*figure, "attack 0", "squeezing 0 threshold");
        const auto summary = summarise(survey);
        QVERIFY(point);
        QCOMPARE(point->x->front(), 100 * summary->falseAlarms[0].heldOut.share());
        QCOMPARE(point->y->front(), 100 * summary->rows[0].detected.share());
        QVERIFY(point->xLow->front() < point->x->front() && point->xHigh->front() > point->x->front());
        QVERIFY(layer<ScatterLayer>(*figure, "attack 0", "squeezing 0 adaptive threshold")->isOpen);
        QVERIFY(figure->caption.find("against an attack that knows it") != std::string::npos);
        QVERIFY(figure->caption.find("(8 of 10 fooled)") != std::string::npos);
    }

    void rocOfOneAttack()
    {
        DetectorSurvey survey = sampleDetectors();
        DetectorAttack other = survey.attacks[0];
        other.name = "ddn";
        other.norm = Norm::L2;
        other.eps.reset();
        survey.attacks.push_back(other);
        QCOMPARE(panelIds(*made("detectors-roc", survey)), (std::vector<std::string>{"attack 0", "attack 2", "key"}));
        QCOMPARE(panelIds(*made("detectors-roc", survey, {.attack = 2U})), (std::vector<std::string>{"attack 2", "key"}));
        for (AttackedImage& image : survey.attacks[2].images)
            image.isFooled = false;
        QVERIFY(!made("detectors-roc", survey, {.attack = 2U})); // nothing is fooled, so there is nothing to find
    }

    void ratesSideBySide()
    {
        const auto figure = made("detectors-rates", sampleDetectors());
        QCOMPARE(panelIds(*figure), (std::vector<std::string>{"found", "passing", "key"}));
        const auto* found = layer<ScatterLayer>(*figure, "found", "squeezing 0");
        const auto* knowing = layer<ScatterLayer>(*figure, "found", "squeezing 0 adaptive");
        const auto* passing = layer<ScatterLayer>(*figure, "passing", "squeezing 0 adaptive");
        QVERIFY(found && knowing && passing);
        QCOMPARE(knowing->x->front(), 0.0);
        QCOMPARE(passing->x->front(), 80.0);
        QVERIFY(passing->xLow->front() < 80 && passing->xHigh->front() > 80);
        QVERIFY(!found->isOpen && knowing->isOpen);
        QVERIFY(found->y->front() != knowing->y->front());
        QVERIFY(!layer<ScatterLayer>(*figure, "found", "curvature 1 adaptive")); // no attack knows it
        QCOMPARE(figure->panels[0].y.ticks.front().second, std::string("FGSM, L∞ ≤ 0.3"));
    }

    void squeezedImagesSayWhatIsCompared()
    {
        const DetectorSurvey survey = sampleDetectors();
        const auto figure = made("squeezed-images", survey);
        QCOMPARE(figure->panels.size(), 9U); // image and two squeezers; clean, perturbed, change
        const std::vector<std::string> ids = panelIds(*figure);
        for (const char* id : {"clean", "clean bit-depth-1", "clean median-2-2", "perturbed", "perturbed bit-depth-1", "perturbation", "change median-2-2"})
            QVERIFY2(std::ranges::find(ids, id) != ids.end(), id);
        QCOMPARE(figure->panels[0].title, std::string("clean\nzero"));
        QCOMPARE(figure->panels[4].title, std::string("1 bit\nzero, d 0.90"));
        QVERIFY(figure->caption.find("score 0.900 above") != std::string::npos || figure->caption.find("score 0.900 not above") != std::string::npos);
        QVERIFY(figure->caption.find("L∞ 0.100") != std::string::npos);
        // Another image, and the attack that knows.
        QVERIFY(made("squeezed-images", survey, {.attack = 1U, .image = 203})->caption.find("adaptive, L∞ ≤ 0.3") != std::string::npos);
        QVERIFY(!made("squeezed-images", survey, {.attack = 0U, .image = 209})); // not fooled
        QVERIFY(!made("squeezed-images", survey, {.attack = 0U, .image = 1}));
    }

    void noPicturesWithoutSqueezing()
    {
        DetectorSurvey survey = sampleDetectors();
        survey.detectors.erase(survey.detectors.begin());
        survey.attacks.pop_back();
        for (CleanImage& image : survey.clean)
            image.scores.erase(image.scores.begin());
        for (AttackedImage& image : survey.attacks[0].images)
            if (image.isFooled)
                image.scores.erase(image.scores.begin());
        QVERIFY(!made("squeezed-images", survey));
        QVERIFY(made("detectors-roc", survey));
    }
};

QTEST_GUILESS_MAIN(TestDetectorsFigures)
#include "tst_detectorsfigures.moc"
