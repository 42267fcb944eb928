// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/boundaryclaims.h"
#include "core/report/boundaryfigures.h"
#include "tests/support/compare.h"
#include "tests/support/detectionsample.h"
#include "tests/support/surveysample.h"

#include <QTest>

#include <algorithm>

using namespace brink;
using namespace brink::test;

namespace {

std::optional<Figure> made(const std::string& name, const CurvatureSurvey& survey, const CurvatureSelection& selection = {})
{
    const auto& infos = curvatureFigureInfos();
    const auto found = std::ranges::find(infos, name, &CurvatureFigureInfo::name);
    return found == infos.end() ? std::nullopt : found->make(survey, selection);
}

template <typename T>
const T* layer(const Figure& figure, const std::string& panel, const std::string& id)
{
    for (const Panel& each : figure.panels)
        for (const Layer& candidate : each.layers)
            if (const auto* own = std::get_if<T>(&candidate); own && each.id == panel && own->id == id)
                return own;
    return nullptr;
}

const report::StudyClaim& claim(const std::vector<report::StudyClaim>& claims, const char* word)
{
    const auto found = std::ranges::find_if(claims, [&](const auto& each) { return each.claim.find(word) != std::string::npos; });
    if (found == claims.end())
        qFatal("no claim about %s", word);
    return *found;
}

} // namespace

class TestBoundaryFigures : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyFigureHasItsFacts_data()
    {
        QTest::addColumn<QString>("name");
        for (const CurvatureFigureInfo& info : curvatureFigureInfos())
            QTest::addRow("%s", info.name.c_str()) << QString::fromStdString(info.name);
    }

    void everyFigureHasItsFacts()
    {
        QFETCH(const QString, name);
        const auto figure = made(name.toStdString(), sampleSurvey());
        QVERIFY(figure);
        QCOMPARE(QString::fromStdString(figure->name), name);
        QVERIFY(figure->caption.find("sample net") != std::string::npos);
        QVERIFY(figure->caption.find("seed 7") != std::string::npos);
        QCOMPARE(figure->provenance["model"]["name"].get<std::string>(), std::string("sample net"));
        QCOMPARE(figure->provenance["images"]["count"].get<int>(), 12);
        QVERIFY(!figureCsv(*figure).empty());
        QVERIFY(!made(name.toStdString(), CurvatureSurvey()));
    }

    void profileWithBothEnds()
    {
        const CurvatureSurvey survey = sampleSurvey();
        const auto figure = made("curvature-profile", survey);
        const auto* all = layer<LineLayer>(*figure, "profile", "sample net");
        QVERIFY(all);
        QCOMPARE(all->x->size(), 255U);
        const auto* bottom = layer<LineLayer>(*figure, "bottom", "sample net");
        QCOMPARE(bottom->x->front(), 1.0); // the most negative first, ascending, or a band would not be filled
        QVERIFY(std::ranges::is_sorted(*bottom->x));
        compareClose(bottom->y->front(), all->y->back(), 1e-12, 0);
        // The same scale of curvature in all panels, or the heavier tail would not be seen.
        for (const Panel& panel : figure->panels)
            QCOMPARE(panel.y.range, figure->panels.front().y.range);
    }

    void profilesOfTwoModels()
    {
        CurvatureProfile other = *curvatureProfile(sampleSurvey());
        other.model = "before training";
        const auto figure = made("curvature-profile", sampleSurvey(), {{other}, {}});
        const auto* own = layer<LineLayer>(*figure, "profile", "sample net");
        const auto* second = layer<LineLayer>(*figure, "profile", "before training");
        QVERIFY(own && second);
        QVERIFY(own->dash != second->dash && own->role != second->role);
        const auto* key = layer<KeyLayer>(*figure, "key", "key");
        QVERIFY(key);
        QCOMPARE(key->entries.size(), 2U);
    }

    void directionsOfTheChosenImage()
    {
        const CurvatureSurvey survey = sampleSurvey();
        const auto figure = made("curvature-directions", survey, {{}, 105});
        QVERIFY(figure->caption.find("index 105") != std::string::npos);
        QVERIFY(layer<RasterLayer>(*figure, "lowest 1", "lowest 1"));
        QVERIFY(layer<RasterLayer>(*figure, "highest 4", "highest 4"));
        // The numbers behind the colours are the direction itself.
        const auto* raster = layer<RasterLayer>(*figure, "lowest 2", "lowest 2");
        compareClose((*raster->values)[17], double(survey.images[5].result->lowest[1].vector[17]), 1e-6, 0);
        QVERIFY(!made("curvature-directions", survey, {{}, 9999}));
    }

    void noiseHasFourLines()
    {
        const auto figure = made("noise-directions", sampleSurvey());
        std::vector<Dash> dashes;
        for (const char* kind : {"full", "random", "flat", "curved"}) {
            const auto* line = layer<LineLayer>(*figure, "noise", kind);
            QVERIFY(line);
            QVERIFY(std::ranges::find(dashes, line->dash) == dashes.end());
            dashes.push_back(line->dash);
            QVERIFY(std::ranges::is_sorted(*line->y)); // the made-up shares rise
        }
        // Fills are opaque: no band may be drawn after a line.
        bool hasLine = false;
        for (const Layer& each : figure->panels.front().layers) {
            hasLine = hasLine || std::holds_alternative<LineLayer>(each);
            QVERIFY(!(hasLine && std::holds_alternative<BandLayer>(each)));
        }
    }

    void claims_data()
    {
        QTest::addColumn<QString>("word");
        QTest::addColumn<bool>("holds");
        QTest::addColumn<double>("negativeWeight");
        QTest::addColumn<double>("sharedRho");
        QTest::addColumn<double>("curvedHalf");
        QTest::addColumn<double>("tailWidth");
        QTest::addRow("flat") << "flat along" << true << 3.0 << 20.0 << 1.0 << 4.0;
        QTest::addRow("curved everywhere") << "flat along" << false << 3.0 << 20.0 << 1.0 << 100.0;
        QTest::addRow("negative") << "Negative" << true << 3.0 << 20.0 << 1.0 << 10.0;
        QTest::addRow("positive") << "Negative" << false << 0.3 << 20.0 << 1.0 << 10.0;
        QTest::addRow("shared") << "shared by" << true << 3.0 << 20.0 << 1.0 << 10.0;
        QTest::addRow("not shared") << "shared by" << false << 3.0 << 1.2 << 1.0 << 10.0;
        QTest::addRow("curved noise fools sooner") << "Noise in the curved" << true << 3.0 << 20.0 << 1.0 << 10.0;
        QTest::addRow("curved noise fools no sooner") << "Noise in the curved" << false << 3.0 << 20.0 << 8.0 << 10.0;
    }

    void claims()
    {
        QFETCH(const QString, word);
        QFETCH(const bool, holds);
        QFETCH(const double, negativeWeight);
        QFETCH(const double, sharedRho);
        QFETCH(const double, curvedHalf);
        QFETCH(const double, tailWidth);
        SurveySettings settings;
        settings.negativeWeight = negativeWeight;
        settings.sharedRho = sharedRho;
        settings.curvedHalf = curvedHalf;
        settings.tailWidth = tailWidth;
        const auto claims = report::curvatureClaims(sampleSurvey(settings));
        const report::StudyClaim& found = claim(claims, word.toUtf8().constData());
        QVERIFY(found.holds.has_value());
        QVERIFY2(*found.holds == holds, found.numbers.c_str());
        QVERIFY(!found.numbers.empty() && !found.criterion.empty());
    }

    void detectionFigures_data()
    {
        QTest::addColumn<QString>("name");
        for (const DetectionFigureInfo& info : detectionFigureInfos())
            QTest::addRow("%s", info.name.c_str()) << QString::fromStdString(info.name);
    }

    void detectionFigures()
    {
        QFETCH(const QString, name);
        const auto& infos = detectionFigureInfos();
        const auto info = std::ranges::find(infos, name.toStdString(), &DetectionFigureInfo::name);
        const auto figure = info->make(sampleDetection(-1));
        QVERIFY(figure);
        QCOMPARE(QString::fromStdString(figure->name), name);
        // The note stands wherever the detector is shown.
        QVERIFY(figure->caption.find(detectionNote) != std::string::npos);
        QCOMPARE(figure->provenance["images"]["count"].get<int>(), 40);
        QVERIFY(!info->make(DetectionSurvey()));
    }

    void rocRunsFromCornerToCorner()
    {
        const auto figure = detectionFigureInfos().front().make(sampleDetection(1));
        for (const char* attack : {"deepfool", "ddn"}) {
            const auto* line = layer<LineLayer>(*figure, "roc", attack);
            QVERIFY(line);
            QCOMPARE(line->x->front(), 0.0);
            QCOMPARE(line->y->back(), 100.0);
            QVERIFY(std::ranges::is_sorted(*line->x) && std::ranges::is_sorted(*line->y));
        }
        QVERIFY(figure->caption.find("As published for other networks") != std::string::npos);
    }

    void fewImagesAreNoJudgement()
    {
        SurveySettings settings;
        settings.images = 4;
        for (const report::StudyClaim& each : report::curvatureClaims(sampleSurvey(settings))) {
            QVERIFY(!each.holds);
            QVERIFY2(each.numbers.find("too few images") != std::string::npos, each.claim.c_str());
        }
    }

    void whatWasNotTestedIsSaid()
    {
        CurvatureSurvey survey = sampleSurvey();
        for (SurveyImage& image : survey.images) {
            image.generalisation.reset();
            image.noise.reset();
        }
        const auto claims = report::curvatureClaims(survey);
        QVERIFY(!claim(claims, "shared by").holds);
        QVERIFY(!claim(claims, "Noise in the curved").holds);
        const std::string text = report::claimsText(claims);
        QVERIFY(text.find("not tested here") != std::string::npos);
        QCOMPARE(report::claimsJson(claims).size(), claims.size());
        // Nothing measured at all: no claim is judged.
        for (const report::StudyClaim& each : report::curvatureClaims(CurvatureSurvey()))
            QVERIFY(!each.holds);
    }
};

QTEST_GUILESS_MAIN(TestBoundaryFigures)
#include "tst_boundaryfigures.moc"
