#include "src/clients/aws/api/answer_decoder.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "src/clients/aws/api/table/operation_table.h"
#include "src/clients/aws/api/xml_document.h"

namespace midwatch::clients::aws::api {
namespace {

std::string decoded(const char* service_name, const char* operation_name, std::string_view body) {
  const Service& service = *find_service(service_name);
  const auto answer = decode_answer(service, *find_operation(service, operation_name), body);
  return answer ? base::dump_json(*answer) : std::string(to_string(answer.error().code));
}

struct AnswerCase {
  const char* service;
  const char* operation;
  const char* body;
  const char* json;
};

TEST(AnswerDecoderTest, ReadsEachProtocolIntoTheJsonOfTheCli) {
  const AnswerCase cases[] = {
      {"cloudwatch", "GetMetricData",
       R"({"MetricDataResults":[{"Id":"m1","Timestamps":[1765935480,1765935420.5],"Values":[1.0]}],"Messages":[]})",
       R"({"MetricDataResults":[{"Id":"m1","Timestamps":["2025-12-17T01:38:00Z","2025-12-17T01:37:00.500Z"],)"
       R"("Values":[1.0]}],"Messages":[]})"},
      {"logs", "FilterLogEvents", R"({"events":[{"timestamp":1765935510123,"message":"a\tb\n"}]})",
       R"({"events":[{"timestamp":1765935510123,"message":"a\tb\n"}]})"},
      {"lambda", "GetFunctionConfiguration",
       R"({"LastModified":"2025-12-15T01:02:03.000+0000","Environment":{"Variables":{"LastModified":"1"}},"Layers":null})",
       R"({"LastModified":"2025-12-15T01:02:03.000+0000","Environment":{"Variables":{"LastModified":"1"}}})"},
      {"apigateway", "GetDeployments", R"({"item":[{"id":"d","createdDate":1765935480}]})",
       R"({"items":[{"id":"d","createdDate":"2025-12-17T01:38:00Z"}]})"},
      {"apigateway", "GetStages", R"({"item":[{"variables":{"item":"x"}}]})",
       R"({"item":[{"variables":{"item":"x"}}]})"},
      {"apigatewayv2", "GetApis", R"({"items":[{"apiId":"a","tags":{"lower":"x"}}]})",
       R"({"Items":[{"ApiId":"a","Tags":{"lower":"x"}}]})"},
      {"elbv2", "DescribeTargetHealth",
       "<DescribeTargetHealthResponse "
       "xmlns=\"http://x/\"><DescribeTargetHealthResult><TargetHealthDescriptions>"
       "<member><HealthCheckPort>8080</HealthCheckPort><Target><Id>10.0.0.139</Id><Port>8080</Port></Target>"
       "<TargetHealth><State>unhealthy</State><Description>codes: [503] &amp; "
       "more</Description></TargetHealth>"
       "</member></TargetHealthDescriptions></DescribeTargetHealthResult><ResponseMetadata><RequestId>r"
       "</RequestId></ResponseMetadata></DescribeTargetHealthResponse>",
       R"({"TargetHealthDescriptions":[{"HealthCheckPort":"8080","Target":{"Id":"10.0.0.139","Port":8080},)"
       R"("TargetHealth":{"State":"unhealthy","Description":"codes: [503] & more"}}]})"},
      {"rds", "DescribeEvents",
       "<DescribeEventsResponse><DescribeEventsResult><Events><Event><EventCategories><EventCategory>low "
       "storage"
       "</EventCategory></EventCategories><Date>2025-12-17T01:38:00.123Z</Date></Event></Events>"
       "</DescribeEventsResult></DescribeEventsResponse>",
       R"({"Events":[{"EventCategories":["low storage"],"Date":"2025-12-17T01:38:00.123Z"}]})"},
      {"ec2", "DescribeSecurityGroupRules",
       "<DescribeSecurityGroupRulesResponse "
       "xmlns=\"http://ec2/\"><requestId>r</requestId><securityGroupRuleSet>"
       "<item><groupId>sg-1</groupId><isEgress>false</isEgress><fromPort>5432</fromPort></item>"
       "</securityGroupRuleSet></DescribeSecurityGroupRulesResponse>",
       R"({"SecurityGroupRules":[{"GroupId":"sg-1","IsEgress":false,"FromPort":5432}]})"},
      {"ec2", "DescribeInstances",
       "<DescribeInstancesResponse><reservationSet><item><groupSet/"
       "><instancesSet><item><instanceState><code>16"
       "</code><name>running</name></instanceState><dnsName>h</dnsName><groupSet><item><groupId>sg</groupId>"
       "</item></groupSet></item></instancesSet></item></reservationSet></DescribeInstancesResponse>",
       R"({"Reservations":[{"Groups":[],"Instances":[{"State":{"Code":16,"Name":"running"},"PublicDnsName":"h",)"
       R"("SecurityGroups":[{"GroupId":"sg"}]}]}]})"},
      {"iam", "GetRolePolicy",
       "<GetRolePolicyResponse><GetRolePolicyResult><RoleName>r</RoleName><PolicyDocument>%7B%22Version%22%3A"
       "%222012-10-17%22%7D</PolicyDocument></GetRolePolicyResult></GetRolePolicyResponse>",
       R"({"RoleName":"r","PolicyDocument":{"Version":"2012-10-17"}})"},
      {"sns", "GetTopicAttributes",
       "<GetTopicAttributesResponse><GetTopicAttributesResult><Attributes><entry><key>Owner</key><value>1"
       "</value></entry><entry><key>Policy</key><value>{}</value></entry></Attributes></"
       "GetTopicAttributesResult>"
       "</GetTopicAttributesResponse>",
       R"({"Attributes":{"Owner":"1","Policy":"{}"}})"},
      {"s3api", "GetBucketPolicy", R"({"Version":"2012-10-17"})",
       R"({"Policy":"{\"Version\":\"2012-10-17\"}"})"},
      {"s3api", "GetPublicAccessBlock",
       "<PublicAccessBlockConfiguration "
       "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><BlockPublicAcls>true"
       "</BlockPublicAcls><RestrictPublicBuckets>false</RestrictPublicBuckets>"
       "</PublicAccessBlockConfiguration>",
       R"({"PublicAccessBlockConfiguration":{"BlockPublicAcls":true,"RestrictPublicBuckets":false}})"},
      {"s3api", "GetBucketNotificationConfiguration",
       "<NotificationConfiguration><CloudFunctionConfiguration><Id>a</Id><CloudFunction>arn:f</CloudFunction>"
       "<Event>s3:ObjectCreated:*</Event><Event>s3:ObjectRemoved:*</Event><Filter><S3Key><FilterRule>"
       "<Name>prefix</Name><Value>in/</Value></FilterRule></S3Key></Filter></CloudFunctionConfiguration>"
       "<QueueConfiguration><Queue>arn:q</Queue><Event>s3:ObjectCreated:Put</Event></QueueConfiguration>"
       "</NotificationConfiguration>",
       R"({"LambdaFunctionConfigurations":[{"Id":"a","LambdaFunctionArn":"arn:f",)"
       R"("Events":["s3:ObjectCreated:*","s3:ObjectRemoved:*"],"Filter":{"Key":{"FilterRules":)"
       R"([{"Name":"prefix","Value":"in/"}]}}}],"QueueConfigurations":[{"QueueArn":"arn:q",)"
       R"("Events":["s3:ObjectCreated:Put"]}]})"},
      {"s3api", "GetBucketNotificationConfiguration", "<NotificationConfiguration/>", "{}"},
      {"s3api", "GetBucketEncryption",
       "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms"
       "</SSEAlgorithm><KMSMasterKeyID>k</KMSMasterKeyID></"
       "ApplyServerSideEncryptionByDefault><BucketKeyEnabled>"
       "true</BucketKeyEnabled></Rule></ServerSideEncryptionConfiguration>",
       R"({"ServerSideEncryptionConfiguration":{"Rules":[{"ApplyServerSideEncryptionByDefault":)"
       R"({"SSEAlgorithm":"aws:kms","KMSMasterKeyID":"k"},"BucketKeyEnabled":true}]}})"},
      {"s3api", "GetBucketLocation", "<LocationConstraint xmlns=\"x\">eu-west-1</LocationConstraint>",
       R"({"LocationConstraint":"eu-west-1"})"},
      {"s3api", "GetBucketLocation", "<LocationConstraint/>", R"({"LocationConstraint":null})"},
      {"s3api", "GetBucketLocation", "{}", "malformed"},
      {"route53", "ListResourceRecordSets",
       "<ListResourceRecordSetsResponse><ResourceRecordSets><ResourceRecordSet><Name>a.core.example.</Name>"
       "<Type>A</Type><TTL>60</TTL><ResourceRecords><ResourceRecord><Value>10.0.0.1</Value></ResourceRecord>"
       "</ResourceRecords></ResourceRecordSet><ResourceRecordSet><Name>b.core.example.</Name><AliasTarget>"
       "<DNSName>x.example.</DNSName><EvaluateTargetHealth>false</EvaluateTargetHealth></AliasTarget>"
       "</ResourceRecordSet></ResourceRecordSets><IsTruncated>false</IsTruncated><MaxItems>300</MaxItems>"
       "</ListResourceRecordSetsResponse>",
       R"({"ResourceRecordSets":[{"Name":"a.core.example.","Type":"A","TTL":60,)"
       R"("ResourceRecords":[{"Value":"10.0.0.1"}]},{"Name":"b.core.example.",)"
       R"("AliasTarget":{"DNSName":"x.example.","EvaluateTargetHealth":false}}],"IsTruncated":false,)"
       R"("MaxItems":"300"})"},
      {"ecs", "ListTasks", "", "{}"},
      {"ecs", "ListTasks", R"({"taskArns":)", "malformed"},
      {"rds", "DescribeEvents", "<DescribeEventsResponse><DescribeEventsResult>", "malformed"},
      {"rds", "DescribeEvents", "", "malformed"},
  };
  for (const auto& each : cases)
    EXPECT_EQ(decoded(each.service, each.operation, each.body), each.json)
        << each.service << " " << each.operation;
}

TEST(AnswerDecoderTest, LosesNothingThatNoTableCallsAList) {
  EXPECT_EQ(
      decoded(
          "rds", "DescribeEvents",
          "<R><DescribeEventsResult><New>1</New><New>2</New><New><A>3</A></New></DescribeEventsResult></R>"),
      R"({"New":["1","2",{"A":"3"}]})");
}

TEST(XmlDocumentTest, ReadsEntitiesCdataAndWhatStandsAround) {
  const auto root = parse_xml(
      "\xEF\xBB\xBF<?xml version=\"1.0\"?><!-- c --><n:a x='>' "
      "y=\"&\"><b>&lt;&gt;&amp;&quot;&apos;&#65;&#x3042;</b>"
      "<b/><c><![CDATA[<x> & ]]>y</c></n:a>\n<!-- end -->\n");
  ASSERT_TRUE(root.has_value()) << root.error().describe();
  EXPECT_EQ(root->name, "a");
  ASSERT_EQ(root->children.size(), 3U);
  EXPECT_EQ(root->children[0].text, "<>&\"'Aあ");
  EXPECT_EQ(root->children[1].text, "");
  EXPECT_EQ(root->child_text("c"), "<x> & y");
  EXPECT_EQ(root->child("none"), nullptr);
}

TEST(XmlDocumentTest, RefusesWhatIsNoXmlOrMayBeAnAttack) {
  std::string deep;
  for (int i = 0; i < 101; ++i) deep += "<a>";
  for (const std::string& text :
       {std::string(), std::string("text"), std::string("<a>"), std::string("<a></b>"), std::string("<a"),
        std::string("<a x></a>"), std::string("<a x=1></a>"), std::string("<a/>more"),
        std::string("<a>&x;</a>"), std::string("<a>&#xD800;</a>"), std::string("<a>&#1114112;</a>"),
        std::string("<a>&amp</a>"), std::string("<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>"),
        std::string("<a><![CDATA[x</a>"), std::string("<!-- <a/>"), std::string("</a>"), std::string("<></>"),
        deep}) {
    const auto root = parse_xml(text);
    ASSERT_FALSE(root.has_value()) << text;
    EXPECT_EQ(root.error().code, base::ErrorCode::kMalformed) << text;
  }
}

TEST(XmlDocumentTest, ACutAnywhereIsMalformed) {
  const std::string whole = "<a x='1'><b>t&amp;</b><!-- c --><c/></a>";
  ASSERT_TRUE(parse_xml(whole).has_value());
  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_FALSE(parse_xml(std::string_view(whole).substr(0, length)).has_value()) << length;
}

}  // namespace
}  // namespace midwatch::clients::aws::api
