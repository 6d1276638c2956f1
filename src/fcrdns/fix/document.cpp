#include "fcrdns/fix/document.hpp"

#include "fcrdns/report/json_parts.hpp"

namespace fcrdns::fix {
namespace {

using remedy::Station;
using report::Json;

Json to_json(const remedy::PlannedRecord& record) {
  return {{"name", record.name}, {"type", record.type}, {"ttl", record.ttl}, {"data", record.data},
          {"relative", record.relative.empty() ? Json(nullptr) : Json(record.relative)}};
}
Json to_json(const dns::Record& record) {
  return {{"name", record.owner.text()}, {"type", dns::to_text(record.type)}, {"ttl", record.ttl}, {"data", dns::to_text(record.type, record.data)},
          {"relative", nullptr}};
}

const apply::Task* task_of(const apply::Job* job, remedy::Station station) {
  if (job == nullptr) return nullptr;
  if (station == remedy::Station::forward) return &job->forward;
  return station == remedy::Station::ptr ? &job->ptr : nullptr;
}

Json backend_json(const apply::Task* task) { return task == nullptr || task->backend_id.empty() ? Json(nullptr) : Json(task->backend_id); }

Json step_json(const remedy::PlanStep& step, const apply::Job* job, const apply::Ran* ran) {
  auto state = step.done ? apply::State::done : apply::State::todo;
  std::string detail;
  if (ran != nullptr) {
    const auto& report = ran->stations[static_cast<std::size_t>(step.station)];
    state = report.state;
    detail = report.detail;
  }
  auto conditions = Json::array(), how = Json::array();
  for (const auto& condition : step.conditions)
    conditions.push_back({{"kind", provider::to_word(condition.kind)}, {"text", condition.text}, {"verified", condition.verified}});
  for (const auto& recipe : step.recipes)
    how.push_back({{"kind", remedy::to_word(recipe.kind)}, {"provider", recipe.provider}, {"text", recipe.text}, {"verified", recipe.verified}});
  return {{"step", remedy::to_word(step.station)},
          {"action", remedy::to_word(step.action)},
          {"record", step.record ? to_json(*step.record) : Json(nullptr)},
          {"zone", step.zone ? Json(*step.zone) : Json(nullptr)},
          {"backend", backend_json(task_of(job, step.station))},
          {"state", to_word(state)},
          {"detail", detail},
          {"who", step.who},
          {"conditions", std::move(conditions)},
          {"how", std::move(how)},
          {"caution", step.caution},
          {"wait", step.wait.count()}};
}

/// What was seen once all was right; else what the plan expects.
Json safe_json(const remedy::FixPlan& plan, const apply::Ran* ran) {
  if (ran != nullptr && ran->safe)
    return {{"basis", "observed"}, {"earliest", base::to_rfc3339(ran->safe->earliest)}, {"latest", base::to_rfc3339(ran->safe->latest)}};
  if (!plan.safe_to_resend) return nullptr;
  const auto& safe = *plan.safe_to_resend;
  return {{"basis", safe.observed ? "observed" : "if_fixed_now"}, {"earliest", base::to_rfc3339(safe.earliest)}, {"latest", base::to_rfc3339(safe.latest)}};
}

/// Who showed what when it was looked at last.
Json servers_json(const apply::Ran* ran) {
  auto out = Json::array();
  if (ran == nullptr || !ran->last) return out;
  for (const auto& holder : ran->last->holders)
    out.push_back({{"side", holder.side == propagation::Side::forward ? "forward" : "reverse"},
                   {"kind", holder.cache ? "cache" : "authority"},
                   {"name", holder.server ? Json(holder.server->text()) : Json(nullptr)},
                   {"address", holder.endpoint.text()},
                   {"holds", propagation::to_word(holder.holds)},
                   {"said", holder.said},
                   {"left", holder.left ? Json(holder.left->count()) : Json(nullptr)}});
  return out;
}

}  // namespace

std::string document(const remedy::FixPlan& plan, const apply::Job* job, const apply::Ran* ran, int exit_code) {
  auto steps = Json::array();
  for (const auto& step : plan.steps) steps.push_back(step_json(step, job, ran));
  const Json out{{"schema", "fcrdns/fix/1"},      {"address", plan.address.text()}, {"hostname", plan.hostname.text()},
                 {"owners", plan.owners},         {"dead_ends", plan.dead_ends},    {"warnings", plan.warnings},
                 {"steps", std::move(steps)},     {"servers", servers_json(ran)},   {"safe_to_resend", safe_json(plan, ran)},
                 {"exit_code", exit_code}};
  return report::dump(out) + "\n";
}

std::string document(const apply::Job& job, const apply::Undone& undone, int exit_code) {
  auto steps = Json::array();
  for (const auto& part : undone.parts) {
    const auto& task = part.station == Station::forward ? job.forward : job.ptr;
    steps.push_back({{"step", remedy::to_word(part.station)}, {"action", "undo"}, {"record", to_json(task.wanted.record)}, {"backend", backend_json(&task)},
                     {"state", to_word(part.state)}, {"detail", part.detail}});
  }
  const Json out{{"schema", "fcrdns/fix/1"}, {"address", job.goal.address.text()}, {"hostname", job.goal.name.text()},
                 {"steps", std::move(steps)}, {"safe_to_resend", nullptr}, {"exit_code", exit_code}};
  return report::dump(out) + "\n";
}

}  // namespace fcrdns::fix
