import type { common as english } from "../en/common";
import type { Wording } from "../wording";

export const common: Wording<typeof english> = {
  app: "CV4LymphNode",
  skip_to_content: "跳到正文",
  main_navigation: "主导航",
  classes: { benign: "良性", lymphoma: "淋巴瘤", metastatic: "转移性" },
  modalities: {
    "2d": { name: "二维", long: "二维灰阶超声", hint: "淋巴结最长切面，不含彩色" },
    cdfi: { name: "CDFI", long: "彩色多普勒血流成像（CDFI）", hint: "同一淋巴结，含彩色取样框" },
    elastography: { name: "弹性成像", long: "应变弹性成像", hint: "应变图，含色标" },
  },
  states: {
    queued: "排队中",
    running: "分析中",
    succeeded: "已完成",
    partial: "部分完成",
    failed: "失败",
    cancelled: "已取消",
  },
  nav: {
    new: "新建分析",
    analyses: "我的分析",
    models: "模型",
    about: "关于",
    sign_in: "登录",
    account: "账户",
    sign_out: "退出登录",
    api_token: "API 令牌",
    to_dark: "深色主题",
    to_light: "浅色主题",
    language: "EN",
    language_label: "英文 / English",
  },
  actions: {
    retry: "重试",
    cancel: "取消",
    delete: "删除",
    copy: "复制",
    copied: "已复制",
    why: "为什么？",
    what: "这是什么？",
  },
  synthetic: "合成数据",
  synthetic_explained:
    "该模型版本用计算机生成的仿体图像训练，而非患者图像。它只演示工具如何工作；对真实图像的回答没有意义。",
  research_use: "仅供科研使用，不得用于诊断",
  synthetic_answer: "演示模型以合成图像训练：数值仅演示工具如何工作",
  offline: "网络已断开。已填写和放入的内容都保留在此；网络恢复后页面会继续。",
  unreachable: "服务器没有响应，页面会继续尝试。",
  not_found: {
    title: "这里没有内容",
    text: "地址可能有误，或者该分析已被删除，或属于他人。",
    action: "新建分析",
  },
  not_for_role: {
    title: "您的角色不能使用此页",
    text: "此页存在，但您的账户角色无权打开。管理账户的人员可以更改。",
    second_factor: "为账户设置第二重验证后，您的角色即可打开此页。",
    set_up: "设置第二重验证",
  },
  crash: {
    title: "页面停止工作",
    text: "服务器上的数据没有丢失。请重新载入页面；若再次出现，请把您的操作告诉管理员。",
    action: "重新载入",
  },
  loading: "正在载入",
};
