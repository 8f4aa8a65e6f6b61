// Written by tools/aws_table from the service models of botocore 1.43.11; change it there.
#include "src/clients/aws/api/table/services.h"

namespace midwatch::clients::aws::api::services {
namespace {

constexpr Operation kOperations[] = {
    {.name = "DescribeCertificate", .action = "acm:DescribeCertificate"},
    {.name = "ListCertificates",
     .action = "acm:ListCertificates",
     .paging = {"NextToken", "NextToken", "", "CertificateSummaryList"}},
};

constexpr Field kOutputs[] = {
    {"", "CreatedAt", "CreatedAt", FieldKind::kTime}, {"", "ImportedAt", "ImportedAt", FieldKind::kTime},
    {"", "IssuedAt", "IssuedAt", FieldKind::kTime},   {"", "NotAfter", "NotAfter", FieldKind::kTime},
    {"", "NotBefore", "NotBefore", FieldKind::kTime}, {"", "RevokedAt", "RevokedAt", FieldKind::kTime},
    {"", "UpdatedAt", "UpdatedAt", FieldKind::kTime},
};

constexpr Service kService{.name = "acm",
                           .id = "ACM",
                           .protocol = Protocol::kJson11,
                           .endpoint_prefix = "acm",
                           .signing_name = "acm",
                           .target_prefix = "CertificateManager",
                           .operations = kOperations,
                           .outputs = kOutputs};

}  // namespace

const Service& acm() {
  return kService;
}

}  // namespace midwatch::clients::aws::api::services
