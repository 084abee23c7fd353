/** What a card says of a version that joins the modalities. */
export const fusion = {
  title: "合并的收益",
  fitted: "拟合数据：{{source}}。各项指标来自交叉验证：回答每例时所用的权重均未见过该例。",
  inputs: "合并以下版本的结果",
  idle: "目前不用于{{modality}}：该处由其他版本回答。",
  column: {
    modalities: "图像",
    cases: "病例数",
    joined: "合并后 AUC",
    best: "单项最佳",
    difference: "差值",
  },
  not_shown: "未证实更好",
  conflict: "相互矛盾",
  conflict_found:
    "由两个明确病例拼成的 {{count}} 例矛盾中，标出 {{recall}}；普通病例中标出 {{ordinary}}。",
};
