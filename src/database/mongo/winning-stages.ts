interface Stage {
  stage?: string;
  inputStage?: Stage;
  inputStages?: Stage[];
  queryPlan?: Stage;
}

export function winningStages(explained: { queryPlanner?: { winningPlan?: Stage } }): string[] {
  const stages: string[] = [];
  const visit = (stage: Stage | undefined): void => {
    if (!stage) return;
    if (stage.stage) stages.push(stage.stage);
    visit(stage.queryPlan);
    visit(stage.inputStage);
    stage.inputStages?.forEach(visit);
  };
  visit(explained.queryPlanner?.winningPlan);
  return stages;
}
