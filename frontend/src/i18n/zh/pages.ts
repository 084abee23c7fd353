import type { pages as english } from "../en/pages";
import type { Wording } from "../wording";

export const pages: Wording<typeof english> = {
  analyses: {
    title: "我的分析",
    empty_title: "还没有分析",
    empty_text: "您的分析及结果会显示在这里。",
    anonymous_note: "未登录时，分析属于此浏览器，并在 24 小时后删除。",
    nothing_matches: "没有处于此状态的分析。",
    column: { case: "病例", when: "时间", images: "图像", answer: "结果", state: "状态" },
    separator: "、",
    filter: "状态",
    search: "搜索标识",
    nothing_found: "没有标识包含“{{label}}”。",
    all: "全部",
    more: "显示更多",
    failed: "列表无法载入。",
    conflict: "结果不一致",
  },
  about: {
    title: "关于",
    lead: "CV4LymphNode 读取一个肿大颈部淋巴结的最多三幅超声图像，给出其为良性、淋巴瘤或转移性的可能性，并用热力图标出图像中支持各类别的部位。",
    not_device: "它是科研工具，不是医疗器械，不得用于诊断或治疗。",
    how_title: "工作原理",
    how: {
      upload: "每幅图像解码后去除全部元数据，并以随机编号保存。",
      model: "针对该类图像的 ResNet152 计算特征和三类概率。",
      map: "Grad-CAM 显示图像中哪些部位支持各个类别。",
      case: "病例结果取各图像对数概率的平均；各图像自身的结果始终并列显示。",
    },
    map_title: "热力图能说明什么，不能说明什么",
    map_text:
      "热力图显示该模型在何处找到支持某一类别的依据。其精细程度仅相当于模型最后一层，不是淋巴结轮廓；看似合理的热力图并不代表结果正确。",
    demo_title: "演示模型",
    demo_text:
      "演示所生成的模型版本仅用合成仿体训练，处处标有“合成数据”。它们对真实图像的回答没有意义。",
    paper_title: "论文",
    paper_text: "本软件是对下列论文方法的独立实现：",
    paper_numbers:
      "三家医院 586 名患者（良性 164、淋巴瘤 122、转移性 300）；论文报告的预训练后平均 AUC：二维 0.883、CDFI 0.862、弹性成像 0.920。",
    links: {
      paper: "论文（开放获取）",
      dataset: "Zenodo 上的淋巴结数据集",
      code: "作者的代码",
      api: "REST 文档",
    },
    sets_title: "论文的预训练数据集",
    sets: {
      auli: "AULI：肝脏，735 幅（良性 200、恶性 435、正常 100）",
      ocau: "OCAU：六种腹部器官，360 幅",
      busi: "BUSI：乳腺，780 幅（良性 437、恶性 210、正常 133）",
      ddti: "DDTI：甲状腺，301 幅（恶性 193、正常 108）",
      edcu: "EDCU：心脏，218 幅（闭合 80、开放 138）",
    },
    privacy_title: "您的图像",
    privacy_text:
      "未登录时，图像和结果属于此浏览器会话，24 小时后删除。登录后，它们归您所有，直到您删除为止。他人无法打开。",
  },
  errors: {
    network: "无法连接服务器。",
    server: "服务器出错。数据没有丢失，请重试。",
    throttled: "请求过于频繁，请 {{seconds}} 秒后重试。",
    forbidden: "您的账户无此权限。",
    unknown: "操作失败：{{detail}}",
  },
};
