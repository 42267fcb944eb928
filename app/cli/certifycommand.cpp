// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/imagechoice.h"
#include "app/cli/options.h"
#include "app/cli/ratio.h"
#include "app/cli/unitrunner.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/certify/certify.h"
#include "core/data/preprocessing.h"
#include "core/stats/summary.h"
#include "core/study/resultjson.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace brink::cli {

namespace {

/// One image, by all methods asked for.
struct Item {
    std::int64_t index = 0;
    std::optional<std::int64_t> label;
    std::vector<CertifyResult> results; ///< in the order of the methods; fewer after a stop
    std::string skipped;                ///< why there is nothing to prove
};

struct Request {
    std::vector<CertifyMethod> methods;
    Norm norm = Norm::Linf;
    std::optional<double> eps;
    std::optional<std::int64_t> target;
    double tolerance = 1e-3;
    int iterations = 20;
    bool optimisesInner = false;
    std::int64_t domains = 0;
};

void addOptions(Options& options)
{
    const auto add = [&](const char* name, const char* help, const char* value = "", const char* standard = "") {
        options.add(QLatin1String(name), QString::fromUtf8(help), QLatin1String(value), QLatin1String(standard));
    };
    add("norm", "Norm of the balls: linf (cut to the pixel box), l2 or l1.", "NORM", "linf");
    add("method", "How margins are bounded: ibp, crown-ibp, crown, alpha-crown or beta-crown; several separated by commas.", "NAME,...", "crown");
    add("eps", "Prove the ball of this radius, pixel range [0,1]; 2/255 is understood. Without it the largest ball that can be proved.", "EPS");
    add("target", "Prove only that this class is not reached; without it no other class may be.", "CLASS");
    add("tolerance", "Relative tolerance of the largest radius, which is rounded down.", "T", "0.001");
    add("iterations", "Steps of the optimisation of slopes by alpha-CROWN and, in each domain, beta-CROWN.", "N", "20");
    add("inner", "alpha-CROWN, beta-CROWN: also optimise the slopes behind the bounds of every layer; slower.");
    add("domains", "Domains that beta-CROWN divides each ball into at most.", "N", "1000");
}

double radiusFrom(const std::string& word)
{
    const auto radius = ratioFrom(word);
    if (!radius)
        throw Error(ErrorCode::Usage, "--eps takes a radius like 0.03 or 8/255, not \"" + word + "\".");
    return *radius;
}

Request requestOf(const Options& options)
{
    Request request;
    request.norm = normOption(options);
    if (request.norm == Norm::L0)
        throw Error(ErrorCode::Usage, "Certified bounds are for l1, l2 and linf.");
    for (const std::string& name : split(options.text(QStringLiteral("method")), ','))
        request.methods.push_back(certifyMethodFromName(trimmed(name)));
    if (options.isSet(QStringLiteral("eps")))
        request.eps = radiusFrom(options.text(QStringLiteral("eps")));
    if (options.isSet(QStringLiteral("target")))
        request.target = options.integer(QStringLiteral("target"), 0, 1'000'000);
    request.tolerance = options.real(QStringLiteral("tolerance"), 1e-6, 0.5);
    request.iterations = int(options.integer(QStringLiteral("iterations"), 1, 10'000));
    request.optimisesInner = options.isSet(QStringLiteral("inner"));
    request.domains = options.integer(QStringLiteral("domains"), 1, 10'000'000);
    return request;
}

Item certified(const Request& request, const std::shared_ptr<const CertifiableModel>& model, const ChosenImages& images, std::int64_t index, Monitor& monitor)
{
    const Classifier& classifier = model->classifier();
    Item item{index, images.dataset->label(index), {}, {}};
    CertifyRequest own{.model = model, .images = {}, .references = {}, .target = request.target, .norm = request.norm, .eps = request.eps,
        .tolerance = request.tolerance, .iterations = request.iterations, .optimisesInner = request.optimisesInner, .domains = request.domains};
    own.images.push_back(prepareImage(images.dataset->image(index), classifier.channels(), classifier.height(), classifier.width(),
        classifier.card().resizeRule).image);
    if (request.target && *request.target == item.label) {
        item.skipped = "it is of the target class";
        return item;
    }
    if (item.label)
        own.references.push_back(*item.label);
    for (const CertifyMethod method : request.methods) {
        own.method = method;
        item.results.push_back(runCertify(own, monitor).front());
        if (monitor.stopRequested())
            break;
    }
    return item;
}

using Items = std::vector<std::optional<Item>>;

/// What a method proved of all images.
struct MethodSummary {
    std::int64_t images = 0;
    std::int64_t proved = 0; ///< at the radius asked for, or any radius above 0
    std::vector<double> radii;
    double seconds = 0;
};

MethodSummary summaryOf(const Items& items, std::size_t method)
{
    MethodSummary summary;
    for (const auto& item : items) {
        if (!item || method >= item->results.size())
            continue;
        const CertifyResult& result = item->results[method];
        ++summary.images;
        summary.proved += result.isProved;
        summary.seconds += result.seconds;
        if (result.radius)
            summary.radii.push_back(*result.radius);
    }
    return summary;
}

Json itemJson(const Item& item)
{
    Json json{{"index", item.index}};
    setIfPresent(json, "label", item.label);
    if (!item.skipped.empty())
        json["skipped"] = item.skipped;
    json["certified"] = Json::array();
    for (const CertifyResult& result : item.results)
        json["certified"].push_back(toJson(result));
    return json;
}

Json document(const CertifiableModel& model, const Request& request, const RunSettings& settings, const Items& items,
    const std::vector<std::optional<Error>>& errors, const std::vector<std::int64_t>& indices)
{
    Json json = resultDocument(model.classifier(), settings.seed);
    json["analysis"] = "certify";
    json["parameters"] = {{"norm", normName(request.norm)}, {"tolerance", request.tolerance}, {"iterations", request.iterations},
        {"inner", request.optimisesInner}, {"domains", request.domains}, {"box", request.norm == Norm::Linf}, {"disagreement", model.disagreement()}};
    setIfPresent(json["parameters"], "eps", request.eps);
    setIfPresent(json["parameters"], "target", request.target);
    for (std::size_t m = 0; m < request.methods.size(); ++m) {
        const MethodSummary summary = summaryOf(items, m);
        Json each{{"method", certifyMethodName(request.methods[m])}, {"images", summary.images}, {"proved", summary.proved}, {"seconds", summary.seconds}};
        if (!summary.radii.empty())
            each["medianRadius"] = median(summary.radii);
        json["summary"].push_back(each);
    }
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (items[i])
            json["items"].push_back(itemJson(*items[i]));
        else if (errors[i])
            json["items"].push_back({{"index", indices[i]}, {"error", errors[i]->message()}});
    }
    return json;
}

std::string cellOf(const CertifyResult& result)
{
    if (!result.radius)
        return result.isProved ? "proved" : result.isPartial ? "stopped" : "not proved";
    return formatReal(*result.radius, 5) + (result.isCapped ? " (all)" : result.isPartial ? " (stopped)" : "");
}

/// Distance of the nearest image of another class that a proof met.
std::string nearestFound(const Item& item)
{
    std::optional<double> distance;
    for (const CertifyResult& result : item.results)
        if (result.counterexample)
            distance = std::min(distance.value_or(HUGE_VAL), result.counterexample->distance);
    return distance ? formatReal(*distance, 5) : "none";
}

void printTable(const Classifier& classifier, const Request& request, const Items& items)
{
    if (request.eps)
        std::printf("balls of radius %s in %s around each image%s\n", formatReal(*request.eps, 5).c_str(), normLabel(request.norm).c_str(),
            request.norm == Norm::Linf ? ", cut to the pixel box [0,1]" : "");
    else
        std::printf("largest radius proved in %s, pixel range [0,1]%s; rounded down, within %s of where the proof fails\n", normLabel(request.norm).c_str(),
            request.norm == Norm::Linf ? ", balls cut to the pixel box" : "", formatReal(request.tolerance).c_str());
    std::printf("%7s  %-14s %9s", "image", "class", "margin");
    for (const CertifyMethod method : request.methods)
        std::printf("  %14s", certifyMethodName(method).c_str());
    const bool looks = std::ranges::find(request.methods, CertifyMethod::BetaCrown) != request.methods.end();
    std::printf(looks ? "  %14s  %s\n" : "%s  %s\n", looks ? "counterexample" : "", "Lipschitz");
    for (const auto& item : items) {
        if (!item)
            continue;
        if (item->results.empty()) {
            std::printf("%7lld  %s\n", (long long)item->index, item->skipped.c_str());
            continue;
        }
        const CertifyResult& last = item->results.back();
        const auto nearest = std::ranges::min_element(last.margins, {}, &CertifiedMargin::margin);
        std::printf("%7lld  %-14s %9s", (long long)item->index, classifier.className(last.reference).c_str(), formatReal(nearest->margin).c_str());
        for (const CertifyResult& result : item->results)
            std::printf("  %14s", cellOf(result).c_str());
        if (looks)
            std::printf("  %14s", nearestFound(*item).c_str());
        std::printf("  %s\n", formatReal(nearest->lipschitz).c_str());
    }
}

void printSummary(const Request& request, const Items& items)
{
    for (std::size_t m = 0; m < request.methods.size(); ++m) {
        const MethodSummary summary = summaryOf(items, m);
        std::printf("%s: %lld of %lld images proved", certifyMethodName(request.methods[m]).c_str(), (long long)summary.proved, (long long)summary.images);
        if (request.eps)
            std::printf(" at %s", formatReal(*request.eps, 5).c_str());
        if (!summary.radii.empty())
            std::printf(", median radius %s", formatReal(median(summary.radii), 4).c_str());
        if (summary.images > 0)
            std::printf(", %s s an image", formatReal(summary.seconds / double(summary.images)).c_str());
        std::printf("\n");
    }
}

} // namespace

int runCertifyCommand(const QStringList& arguments)
{
    Options options(QStringLiteral("certify"),
        QStringLiteral("balls in which no image is of another class: lower bounds that hold (IBP, CROWN, alpha-CROWN).\n"
                       "Bounds are of the model in exact arithmetic, less a slack that covers its float32 rounding as measured. Lipschitz is a certified\n"
                       "bound of the margin's slope in the ball, which CLEVER estimates."));
    options.addModel();
    options.addImages();
    addImageChoice(options);
    addOptions(options);
    options.addRun();
    options.addOutput();
    if (!options.parse(arguments))
        return 0;

    const RunSettings settings = runSettings(options);
    const Request request = requestOf(options); // before the model is loaded
    const ChosenImages chosen = chosenImages(options);
    const auto classifier = loadModel(options);
    if (request.target && *request.target >= classifier->classes())
        throw Error(ErrorCode::Usage, "--target must be one of the model's " + std::to_string(classifier->classes()) + " classes, counted from 0.");
    std::shared_ptr<const CertifiableModel> model;
    try {
        model = std::make_shared<const CertifiableModel>(classifier);
    } catch (const Error& error) {
        throw Error(error.code(), "Certified bounds are not available: " + error.message());
    }
    const ChosenImages images = enteringImages(options, chosen, classifier);
    Items items(images.indices.size());
    const UnitReport report = runUnits(QStringLiteral("certify"), std::int64_t(items.size()), settings.workers, [&](std::int64_t unit, Monitor& monitor) {
        items[std::size_t(unit)] = certified(request, model, images, images.indices[std::size_t(unit)], monitor);
    });
    writeJson(options, document(*model, request, settings, items, report.errors, images.indices));
    if (options.text(QStringLiteral("json")) != "-") {
        printTable(*classifier, request, items);
        printSummary(request, items);
    }
    return reportUnits(report, "images");
}

} // namespace brink::cli
