// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The dependency rules of the architecture, read off the include lines.
#include <QDirIterator>
#include <QFile>
#include <QHash>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

namespace {

/// What each folder may include of ours. Everything not listed is refused.
const QHash<QString, QStringList>& allowedFolders()
{
    static const QHash<QString, QStringList> allowed{
        {"core/base", {"core/base"}},
        {"core/params", {"core/base", "core/params"}},
        {"core/figure", {"core/base", "core/figure"}},
        {"core/stats", {"core/base", "core/stats"}},
        {"core/data", {"core/base", "core/data"}},
        {"core/model", {"core/base", "core/params", "core/stats", "core/data", "core/model"}},
        {"core/threat", {"core/base", "core/data", "core/model", "core/threat"}},
        {"core/attack", {"core/base", "core/params", "core/stats", "core/data", "core/model", "core/threat", "core/attack"}},
        {"core/clever", {"core/base", "core/params", "core/stats", "core/data", "core/model", "core/threat", "core/clever"}},
        {"core/certify", {"core/base", "core/params", "core/stats", "core/data", "core/model", "core/threat", "core/certify"}},
        {"core/boundary", {"core/base", "core/params", "core/stats", "core/data", "core/model", "core/threat", "core/attack", "core/boundary"}},
        {"core/study", {"core/base", "core/params", "core/stats", "core/data", "core/model", "core/threat", "core/attack", "core/clever",
                           "core/boundary", "core/certify", "core/study"}},
        {"core/examples", {"core/base", "core/data", "core/model", "core/threat", "core/attack", "core/examples"}},
        {"core/detectors", {"core/base", "core/params", "core/stats", "core/data", "core/model", "core/threat", "core/attack", "core/boundary", "core/detectors"}},
        {"core/smoothing", {"core/base", "core/stats", "core/data", "core/model", "core/smoothing"}},
        {"core/report", {"core/base", "core/params", "core/stats", "core/figure", "core/data", "core/model", "core/threat", "core/attack",
                            "core/clever", "core/boundary", "core/detectors", "core/smoothing", "core/study", "core/diagnosis", "core/margins", "core/report"}},
        {"core/margins", {"core/base", "core/params", "core/stats", "core/data", "core/model", "core/threat", "core/attack", "core/study", "core/margins"}},
        {"core/diagnosis", {"core/base", "core/params", "core/stats", "core/data", "core/model", "core/threat", "core/attack", "core/clever", "core/boundary",
                               "core/study", "core/diagnosis"}},
        {"core/jobs", {"core/base", "core/jobs"}},
        {"core/store", {"core/base", "core/params", "core/data", "core/study", "core/detectors", "core/diagnosis", "core/smoothing", "core/store"}},
        {"widgets", {"core/base", "core/figure", "core/params", "widgets"}},
        {"app", {"core", "widgets", "app"}},
    };
    return allowed;
}

const QStringList& torchFolders()
{
    static const QStringList folders{"core/model", "core/threat", "core/attack", "core/clever", "core/certify", "core/boundary", "core/study", "core/examples", "core/margins", "core/diagnosis", "core/smoothing", "core/detectors"};
    return folders;
}

bool isBelow(const QString& path, const QString& folder) { return path.startsWith(folder + '/'); }

/// "core/attack" for a file of core, "widgets" or "app" for the others.
QString folderOf(const QString& path)
{
    const QStringList parts = path.split('/');
    return parts.first() == "core" ? parts.first() + '/' + parts.value(1) : parts.first();
}

bool mayIncludeTorch(const QString& path)
{
    return torchFolders().contains(folderOf(path)) && (path.endsWith(".cpp") || path.endsWith("_torch.h"));
}

QString problemWith(const QString& path, const QString& included)
{
    static const QRegularExpression torch("^(torch|ATen|c10|caffe2)/");
    static const QRegularExpression qt("^(Q[A-Z]|Qt[A-Z])");
    const QString folder = folderOf(path);
    if (included.contains(torch))
        return mayIncludeTorch(path) ? QString() : QStringLiteral("torch belongs in .cpp files and *_torch.h of the torch folders");
    if (included.endsWith("_torch.h") && !mayIncludeTorch(path))
        return QStringLiteral("*_torch.h is for the .cpp files of the torch folders");
    if (included == "qcustomplot.h")
        return path == "widgets/plot/qcp.h" ? QString() : QStringLiteral("qcustomplot.h is included through widgets/plot/qcp.h only");
    if (included == "widgets/plot/qcp.h" || included.endsWith("_qcp.h")) {
        const bool isInside = isBelow(path, "widgets/plot") && (path.endsWith(".cpp") || path.endsWith("_qcp.h"));
        return isInside ? QString() : QStringLiteral("qcp.h and *_qcp.h are for widgets/plot/*.cpp only");
    }
    if (included.startsWith("opencv2/"))
        return folder == "core/data" ? QString() : QStringLiteral("OpenCV belongs in core/data");
    if (included.contains(qt)) {
        const bool allowsQt = folder == "core/jobs" || folder == "core/store" || folder == "widgets" || folder == "app";
        if (!allowsQt)
            return QStringLiteral("Qt belongs in core/jobs, core/store, widgets and app");
    }
    if (!isBelow(included, "core") && !isBelow(included, "widgets") && !isBelow(included, "app"))
        return {};
    if (included == "core/base/version.h")
        return {};
    const auto isAllowed = [&](const QString& prefix) { return isBelow(included, prefix); };
    const QStringList allowed = allowedFolders().value(folder);
    return std::any_of(allowed.begin(), allowed.end(), isAllowed) ? QString()
                                                                  : folder + QStringLiteral(" must not depend on it");
}

/// "path:line: includes x: why" for each include line that breaks a rule.
QStringList violations(const QString& path, const QString& text)
{
    static const QRegularExpression include("^\\s*#\\s*include\\s*[<\"]([^>\"]+)[>\"]");
    QStringList found;
    int line = 0;
    for (const QString& content : text.split('\n')) {
        ++line;
        const auto match = include.match(content);
        if (!match.hasMatch())
            continue;
        const QString problem = problemWith(path, match.captured(1));
        if (!problem.isEmpty())
            found.append(QStringLiteral("%1:%2: includes %3: %4").arg(path).arg(line).arg(match.captured(1), problem));
    }
    return found;
}

} // namespace

class TestLayers : public QObject {
    Q_OBJECT
private slots:
    void everyFileKeepsTheRules()
    {
        const QString root = QStringLiteral(BRINK_SOURCE_DIR);
        QStringList found;
        int files = 0;
        for (const QString& top : {QStringLiteral("core"), QStringLiteral("widgets"), QStringLiteral("app")}) {
            QDirIterator it(root + '/' + top, {"*.h", "*.cpp"}, QDir::Files, QDirIterator::Subdirectories);
            while (it.hasNext()) {
                const QString path = it.next();
                QFile file(path);
                QVERIFY(file.open(QIODevice::ReadOnly));
                found += violations(path.mid(root.size() + 1), QString::fromUtf8(file.readAll()));
                ++files;
            }
        }
        QVERIFY2(files > 50, "the source tree was not found");
        QVERIFY2(found.isEmpty(), qPrintable('\n' + found.join('\n')));
    }

    void foldersOfCoreHaveNoCycle()
    {
        // Follows "may include" between different folders; coming back to the start is a cycle.
        for (const QString& start : allowedFolders().keys()) {
            QStringList open = allowedFolders().value(start);
            open.removeAll(start);
            QSet<QString> seen;
            while (!open.isEmpty()) {
                const QString folder = open.takeLast();
                QVERIFY2(folder != start, qPrintable(start + " depends on itself"));
                if (seen.contains(folder))
                    continue;
                seen.insert(folder);
                for (const QString& next : allowedFolders().value(folder))
                    if (next != folder)
                        open.append(next);
            }
        }
    }

    void breachesAreFound_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("include");
        QTest::addColumn<bool>("isBreach");
        QTest::addRow("torch in a plain header") << "core/attack/pgd.h" << "<torch/script.h>" << true;
        QTest::addRow("torch in a torch header") << "core/attack/attack_torch.h" << "<torch/script.h>" << false;
        QTest::addRow("torch in stats") << "core/stats/weibull.cpp" << "<ATen/ATen.h>" << true;
        QTest::addRow("torch header from app") << "app/session.cpp" << "\"core/model/classifier_torch.h\"" << true;
        QTest::addRow("plain model header from app") << "app/session.cpp" << "\"core/model/classifier.h\"" << false;
        QTest::addRow("Qt in data") << "core/data/image.cpp" << "<QImage>" << true;
        QTest::addRow("Qt in jobs") << "core/jobs/scheduler.h" << "<QObject>" << false;
        QTest::addRow("OpenCV in model") << "core/model/checks.cpp" << "<opencv2/core.hpp>" << true;
        QTest::addRow("study from widgets") << "widgets/plot/figureview.cpp" << "\"core/study/inspect.h\"" << true;
        QTest::addRow("figure from widgets") << "widgets/plot/figureview.cpp" << "\"core/figure/figure.h\"" << false;
        QTest::addRow("app from widgets") << "widgets/plot/figureview.cpp" << "\"app/session.h\"" << true;
        QTest::addRow("attack from model") << "core/model/checks.cpp" << "\"core/attack/attack.h\"" << true;
        QTest::addRow("qcustomplot outside") << "widgets/image/imageview.cpp" << "<qcustomplot.h>" << true;
        QTest::addRow("qcp header in a plain header") << "widgets/plot/figureview.h" << "\"widgets/plot/axisrect_qcp.h\"" << true;
        QTest::addRow("qcp header in a source") << "widgets/plot/figureview.cpp" << "\"widgets/plot/axisrect_qcp.h\"" << false;
        QTest::addRow("qcp.h in a header") << "widgets/plot/figureview.h" << "\"widgets/plot/qcp.h\"" << true;
    }

    void breachesAreFound()
    {
        QFETCH(QString, path);
        QFETCH(QString, include);
        QFETCH(bool, isBreach);
        QCOMPARE(violations(path, "#include " + include).size(), isBreach ? 1 : 0);
    }
};

QTEST_GUILESS_MAIN(TestLayers)
#include "tst_layers.moc"
