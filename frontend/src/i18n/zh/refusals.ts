import type { refusals as english } from "../en/refusals";
import type { Wording } from "../wording";

export const refusals: Wording<typeof english> = {
  pickle_refused: {
    what: "这是 pickle 文件，可能在服务器上运行任意代码。",
    remedy: "请重新导出为 .safetensors：python -m ml export。",
  },
  not_safetensors: {
    what: "这不是 safetensors 文件。",
    remedy: "请选择由 python -m ml export 写出的 .safetensors 文件。",
  },
  truncated: {
    what: "文件不完整。",
    remedy: "请重新复制，核对文件大小后再上传。",
  },
  header_too_large: {
    what: "文件头过大，不可能是正常文件。",
    remedy: "请重新导出；若仍如此，请勿信任该文件。",
  },
  wrong_hash: {
    what: "不是所指的文件：sha256 不一致。",
    remedy: "请从来源处重新复制文件及其 sha256。",
  },
  manifest_missing: {
    what: "文件含权重，但没有说明。",
    remedy: "请用 python -m ml export 导出，它会写入清单。",
  },
  manifest_incomplete: {
    what: "清单缺少必填内容。",
    remedy: "请补齐后重新导出。",
  },
  manifest_invalid: {
    what: "清单内容不合要求。",
    remedy: "请改正后重新导出。",
  },
  trust_invalid: {
    what: "文件中关于校准与相似性的内容无法使用。",
    remedy: "请用 python -m ml export 重新导出。",
  },
  audit_invalid: {
    what: "文件中关于热力图的内容无法使用。",
    remedy: "请用 python -m ml audit --write 重新核查，或重新导出。",
  },
  fusion_invalid: {
    what: "文件中关于融合各模态的内容无法使用。",
    remedy: "请用本发行版的 ml 重新制作融合。",
  },
  format_version: {
    what: "此文件是为其他发行版写的。",
    remedy: "请用本发行版的 ml 重新导出。",
  },
  preprocessing_version: {
    what: "模型训练时的预处理与本发行版不同。",
    remedy: "请用本发行版训练或导出。",
  },
  unknown_architecture: {
    what: "本发行版不认识该模型的架构。",
    remedy: "请使用已知的架构，或支持该架构的发行版。",
  },
  unknown_modality: {
    what: "该模型针对的图像种类在此不读取。",
    remedy: "清单中须写明 2d、cdfi 或 elastography。",
  },
  wrong_classes: {
    what: "模型的类别不是依次为 benign、lymphoma、metastatic。",
    remedy: "否则答案会带有错误的名称：请按此类别和顺序训练。",
  },
  duplicate: {
    what: "相同的权重已在此处。",
    remedy: "请使用已有的版本，无需再次上传。",
  },
  too_large: {
    what: "文件超过服务器允许的大小。",
    remedy: "请以半精度导出，或请运维人员提高上限。",
  },
  disk_full: {
    what: "服务器磁盘已满，没有存储任何内容。",
    remedy: "请运维人员清理空间后再上传。",
  },
  storage_error: {
    what: "服务器无法存储文件，没有保留任何内容。",
    remedy: "请重试；若再次发生，请告知运维人员。",
  },
  upload_interrupted: {
    what: "上传中断，没有存储任何内容。",
    remedy: "请重新上传。",
  },
  not_checked: {
    what: "此版本尚未通过检查。",
    remedy: "请等待检查结束，或重新检查。",
  },
  active: {
    what: "此版本正在回答。",
    remedy: "请先启用另一个版本。",
  },
  retired: {
    what: "此版本已停用，不可恢复。",
    remedy: "如需使用，请重新上传。",
  },
  check_under_way: {
    what: "此版本正在检查。",
    remedy: "请等待检查结束。",
  },
  no_weights: {
    what: "此未通过版本的权重已被删除。",
    remedy: "请将改正后的文件作为新版本上传。",
  },
  nothing_to_compare: {
    what: "还没有回答过此类图像。",
    remedy: "有结果之后再比较。",
  },
  not_comparable: {
    what: "融合不回答任何图像，因此无可比较。",
    remedy: "请比较回答图像的版本。",
  },
  already_finished: {
    what: "此次比较已经结束。",
    remedy: "请重新载入页面查看数值。",
  },
};
