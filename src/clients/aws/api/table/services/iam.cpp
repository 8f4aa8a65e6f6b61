// Written by tools/aws_table from the service models of botocore 1.43.11; change it there.
#include "src/clients/aws/api/table/services.h"

namespace midwatch::clients::aws::api::services {
namespace {

constexpr Operation kOperations[] = {
    {.name = "GetRole", .action = "iam:GetRole"},
    {.name = "GetRolePolicy", .action = "iam:GetRolePolicy"},
    {.name = "ListRolePolicies",
     .action = "iam:ListRolePolicies",
     .paging = {"Marker", "Marker", "IsTruncated", "PolicyNames"}},
    {.name = "ListAttachedRolePolicies",
     .action = "iam:ListAttachedRolePolicies",
     .paging = {"Marker", "Marker", "IsTruncated", "AttachedPolicies"}},
    {.name = "GetPolicy", .action = "iam:GetPolicy"},
    {.name = "GetPolicyVersion", .action = "iam:GetPolicyVersion"},
    {.name = "ListPolicyVersions",
     .action = "iam:ListPolicyVersions",
     .paging = {"Marker", "Marker", "IsTruncated", "Versions"}},
    {.name = "ListRoles", .action = "iam:ListRoles", .paging = {"Marker", "Marker", "IsTruncated", "Roles"}},
    {.name = "GetUser", .action = "iam:GetUser"},
    {.name = "GetInstanceProfile", .action = "iam:GetInstanceProfile"},
    {.name = "ListInstanceProfilesForRole",
     .action = "iam:ListInstanceProfilesForRole",
     .paging = {"Marker", "Marker", "IsTruncated", "InstanceProfiles"}},
    {.name = "ListEntitiesForPolicy",
     .action = "iam:ListEntitiesForPolicy",
     .paging = {"Marker", "Marker", "IsTruncated", "PolicyGroups PolicyUsers PolicyRoles"}},
};

constexpr Field kOutputs[] = {
    {"", "AssumeRolePolicyDocument", "AssumeRolePolicyDocument", FieldKind::kDocument},
    {"", "AttachedPolicies", "AttachedPolicies", FieldKind::kList},
    {"", "AttachmentCount", "AttachmentCount", FieldKind::kNumber},
    {"", "CreateDate", "CreateDate", FieldKind::kTime},
    {"", "Document", "Document", FieldKind::kDocument},
    {"", "InstanceProfiles", "InstanceProfiles", FieldKind::kList},
    {"", "IsAttachable", "IsAttachable", FieldKind::kBoolean},
    {"", "IsDefaultVersion", "IsDefaultVersion", FieldKind::kBoolean},
    {"", "IsTruncated", "IsTruncated", FieldKind::kBoolean},
    {"", "LastUsedDate", "LastUsedDate", FieldKind::kTime},
    {"", "MaxSessionDuration", "MaxSessionDuration", FieldKind::kNumber},
    {"", "PasswordLastUsed", "PasswordLastUsed", FieldKind::kTime},
    {"", "PermissionsBoundaryUsageCount", "PermissionsBoundaryUsageCount", FieldKind::kNumber},
    {"", "PolicyDocument", "PolicyDocument", FieldKind::kDocument},
    {"", "PolicyGroups", "PolicyGroups", FieldKind::kList},
    {"", "PolicyNames", "PolicyNames", FieldKind::kList},
    {"", "PolicyRoles", "PolicyRoles", FieldKind::kList},
    {"", "PolicyUsers", "PolicyUsers", FieldKind::kList},
    {"", "Roles", "Roles", FieldKind::kList},
    {"", "Tags", "Tags", FieldKind::kList},
    {"", "UpdateDate", "UpdateDate", FieldKind::kTime},
    {"", "Versions", "Versions", FieldKind::kList},
};

constexpr Service kService{.name = "iam",
                           .id = "IAM",
                           .protocol = Protocol::kQuery,
                           .endpoint_prefix = "iam",
                           .signing_name = "iam",
                           .version = "2010-05-08",
                           .global = true,
                           .operations = kOperations,
                           .outputs = kOutputs};

}  // namespace

const Service& iam() {
  return kService;
}

}  // namespace midwatch::clients::aws::api::services
