#include "server/match/convert/fixture_writer.h"

namespace mimus::server {

void FixtureWriter::add(std::size_t number, const std::function<void(JsonWriter&)>& write) {
  std::string fixture;
  JsonWriter writer(fixture);
  writer.object();
  if (number > 0) writer.member("priority", -static_cast<std::int64_t>(number));
  write(writer);
  writer.end_object();
  converted_.json += (converted_.fixtures == 0 ? "  " : ",\n  ") + fixture;
  ++converted_.fixtures;
}

void FixtureWriter::note(std::size_t number, const std::string& message) {
  converted_.notes.push_back("fixture " + std::to_string(number) + ": " + message);
}

Converted FixtureWriter::finish() {
  converted_.json = "{\"mimus\":1,\"fixtures\":[\n" + converted_.json + "\n]}\n";
  return std::move(converted_);
}

}  // namespace mimus::server
