export type LabelHint = "name" | "date" | "number";

const DATE = /\b\d{1,4}[-./]\d{1,2}[-./]\d{1,4}\b|\b(19|20)\d{6}\b|\d{4}年/;
const PATIENT_NUMBER = /\d{7,}/;
const TWO_CAPITALISED = /\b\p{Lu}\p{Ll}+[\s,]+\p{Lu}\p{Ll}+/u;
const SURNAME_COMMA = /^\s*\p{L}[\p{L}'-]+\s*,\s*\p{L}/u;
const TITLE = /\b(mr|mrs|ms|miss|frau|herr|dr)\b\.?/i;
const CHINESE_NAME =
  /^[王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤]\p{Script=Han}{1,2}$/u;

/** What in a case label may identify a person. It warns and never blocks. */
export function labelHint(label: string): LabelHint | null {
  const text = label.trim();
  if (DATE.test(text)) return "date";
  if (PATIENT_NUMBER.test(text)) return "number";
  const looksLikeName = [TWO_CAPITALISED, SURNAME_COMMA, TITLE, CHINESE_NAME];
  return looksLikeName.some((pattern) => pattern.test(text)) ? "name" : null;
}
