#include "src/clients/aws/ecr.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"

namespace midwatch::clients::aws {

using base::at;
using base::Json;
using base::list_at;
using base::text_at;

void decode_ecr_images(const Document& document, telemetry::TelemetryBatch& out) {
  for (const Json& image : list_at(document.body, "imageDetails")) {
    const std::string repository = text_at(image, "repositoryName");
    const std::string digest = text_at(image, "imageDigest");
    if (repository.empty() || digest.empty()) continue;
    telemetry::Entity entity;
    entity.id = named_id("ecr", repository);
    entity.type = "AWS::ECR::Repository";
    entity.name = "repository " + repository;
    entity.ref = document.ref;
    entity.attributes.set("platform.kind", "image_repository");
    copy_times(image,
               {{"image." + digest + ".pushed", "imagePushedAt"},
                {"image." + digest + ".pulled", "lastRecordedPullTime"}},
               entity.attributes);
    std::string tags;
    for (const Json& tag : list_at(image, "imageTags")) {
      entity.attributes.set("tag." + base::text(tag), digest);
      tags += (tags.empty() ? "" : ", ") + base::text(tag);
    }
    out.entities.push_back(std::move(entity));
    const auto pushed = time_of(at(image, "imagePushedAt"));
    if (!pushed) continue;
    telemetry::ChangeEvent change;
    change.time = *pushed;
    change.id = digest;
    change.kind = telemetry::ChangeKind::kDeployment;
    change.entity = named_id("ecr", repository);
    change.version = digest;
    change.summary = fmt::format("{} imageTags=[{}]", repository, tags);
    change.telling.name = "image_pushed";
    change.telling.facts.set("repository", repository);
    change.telling.facts.set("tags", tags);
    change.attributes.set("image.digest", digest);
    change.attributes.set("image.tags", tags);
    change.ref = document.ref;
    out.changes.push_back(std::move(change));
  }
}

}  // namespace midwatch::clients::aws
