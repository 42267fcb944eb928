// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/planeparts.h"

#include "core/base/version.h"
#include "core/model/torchruntime.h"
#include "core/study/resultjson.h"

#include <cmath>

namespace brink::report {

Json planeProvenance(const PlaneSource& source, Json parameters, const Warnings& warnings)
{
    Json json{{"program", std::string("Brink ") + version}, {"schema", "brink.provenance/1"}};
    json["model"] = {{"name", source.modelName}, {"sha256", source.modelSha256}};
    if (source.image)
        json["image"] = {{"source", source.image->source}, {"index", source.index}, {"sha256", imageSha256(*source.image)}};
    json["seed"] = source.seed;
    json["parameters"] = std::move(parameters);
    const TorchRuntimeInfo runtime = torchRuntimeInfo();
    json["libtorch"] = runtime.version;
    json["threads"] = runtime.innerThreads;
    json["partial"] = source.partial;
    json["cost"] = toJson(source.counts, source.seconds);
    json["warnings"] = toJson(warnings);
    return json;
}

ColourRole classRole(std::int64_t label) { return seriesRole(int(label % 8)); }

int classHatch(std::int64_t label) { return int(label / 8 % 4); }

double roundStep(double most, int levels)
{
    if (!(most > 0) || levels < 1)
        return 0;
    const double wanted = most / levels;
    const double power = std::pow(10.0, std::floor(std::log10(wanted)));
    for (const double lead : {1.0, 2.0, 5.0})
        if (lead * power >= wanted * (1 - 1e-9))
            return lead * power;
    return 10 * power;
}

} // namespace brink::report
