"""The report's words in each language it is offered in."""

from dataclasses import dataclass

from backend.inference.report.said import Kind

ENGLISH, CHINESE = LANGUAGES = ("en", "zh-hans")


@dataclass(frozen=True)
class Words:
    """Every sentence of the page; a language that lacks one can't be made."""

    title: str
    unlabelled: str
    research_use: str
    synthetic: str
    sent: str
    answered: str
    case_answer: str
    no_answer: str
    cancelled: str
    conflict: str
    method_mean: str
    method_product: str
    method_fusion: str
    set_named: str
    set_all: str
    set_none: str
    set_or: str
    spread: str
    flags: dict[str, str]
    method_single: str
    image: str
    map_for: str
    low: str
    high: str
    nothing_speaks: str
    no_map: str
    file_gone: str
    image_not_kept: str
    model: str
    computed_by: str
    region: str
    frame: str
    said_title: str
    said: dict[Kind, str]
    confidences: dict[str, str]
    by: str
    nobody: str
    limits_title: str
    uncalibrated: str
    limits: tuple[str, ...]
    made: str
    classes: dict[str, str]
    modalities: dict[str, str]
    failures: dict[str, str]


_EN = Words(
    title="Analysis report",
    unlabelled="No label",
    research_use="Research use only: not for diagnosis",
    synthetic="SYNTHETIC: the demo models were trained on computer-generated images. "
    "The numbers only show how the tool works.",
    sent="sent {}",
    answered="answered {}",
    case_answer="Case answer",
    no_answer="No image has an answer.",
    cancelled="Cancelled before there was an answer.",
    conflict="The images name different classes. The case answer averages them and can hide a real "
    "difference: look at each image first.",
    method_mean="Mean of the log-probabilities of {} images, each with the same weight.",
    method_product="Product of the calibrated probabilities of {} images.",
    method_fusion="{} images weighed by the fitted fusion {}.",
    set_named="Cannot be ruled out at the {} % level: {}.",
    set_all="Cannot say: no class can be ruled out at the {} % level.",
    set_none="None of the classes fits at the {} % level: the image is unlike those of every class.",
    set_or=" or ",
    spread="The {members} members of this model put {class_name} between {low:.0f} % and {high:.0f} %.",
    flags={
        "unlike_training": "Unlike the images that this model learned from: do not rely on its answer.",
        "unlike_phantoms": "The demo model knows computer-made images only, and this one is unlike them: its "
        "answer means nothing.",
        "not_ultrasound": "This does not look like an ultrasound image.",
        "wrong_slot": "This looks like {looks_like}, but it was sent as {modality}.",
        "known_weakness": "In validation this model found {recall} % of the {class_name} nodes and missed "
        "the others.",
        "text_reliance": "With the text in the image painted over, {reliance} % of the probability moves to "
        "other classes: the answer rests on print.",
    },
    method_single="One image has an answer: its probabilities are the case answer.",
    image="Image",
    map_for="Map for {}",
    low="low",
    high="high",
    nothing_speaks="Nothing in this image speaks for this class.",
    no_map="No map",
    file_gone="The file is gone.",
    image_not_kept="Deleted once it was answered: this site keeps no images.",
    model="Model version",
    computed_by="Computed by",
    region="The model saw the outlined region: {} × {} pixels of {} × {}.",
    frame="Frame {} of {}.",
    said_title="What the clinician says",
    said={
        Kind.READ: "Own read, before the answer was shown: {} ({}).",
        Kind.AGREES: "Agrees with the answer: {}. {}",
        Kind.OVERRIDES: "Overrides the answer: {}. Reason: {}",
        Kind.PATHOLOGY: "Pathology: {}, report of {}.",
    },
    confidences={"low": "unsure", "medium": "fairly sure", "high": "sure"},
    by="by {}, {}",
    nobody="a visitor without an account",
    limits_title="Limits",
    uncalibrated="The probabilities are not calibrated: they rank the classes, but 72 % does not yet mean "
    "that 72 of 100 such cases are right.",
    limits=(
        "A Grad-CAM map shows which parts of the image speak for the class in this model. It is coarse, "
        "shows nothing that speaks against the class, and is not the outline of the node.",
        "A model sees one still image of one modality: no history, no other node, no examination.",
    ),
    made="made {}",
    classes={"benign": "benign", "lymphoma": "lymphoma", "metastatic": "metastatic"},
    modalities={
        "2d": "2D grey-scale",
        "cdfi": "Colour Doppler (CDFI)",
        "elastography": "Strain elastography",
    },
    failures={
        "model_unavailable": "No model version could answer for this modality.",
        "worker_lost": "The worker stopped twice while it ran this image.",
        "timed_out": "The computation took longer than allowed.",
        "storage_error": "The image could not be read, or the maps could not be written.",
        "not_ultrasound": "It does not look like an ultrasound image, and the site answers nothing else.",
        "masking_failed": "Text in the image could not be covered: it was deleted, unseen.",
        "internal_error": "The computation failed for an unknown reason.",
        "cancelled": "Cancelled before there was an answer.",
    },
)
_ZH = Words(
    title="分析报告",
    unlabelled="无标识",
    research_use="仅供科研使用，不得用于诊断",
    synthetic="合成数据（SYNTHETIC）：演示模型以计算机生成的图像训练，数值仅演示工具如何工作。",
    sent="提交于 {}",
    answered="完成于 {}",
    case_answer="病例结果",
    no_answer="没有图像得到结果。",
    cancelled="得出结果前已取消。",
    conflict="各图像指向不同类别。病例结果取其平均，可能掩盖真实差异：请先逐一查看图像。",
    method_mean="对 {} 幅图像三类概率的对数取平均，每幅图像权重相同。",
    method_product="{} 幅图像经校准概率的乘积。",
    method_fusion="由融合版本 {1} 权衡 {0} 幅图像得出。",
    set_named="在 {}% 水平不能排除：{}。",
    set_all="无法判断：在 {}% 水平没有类别可以排除。",
    set_none="在 {}% 水平没有符合的类别：图像与各类图像都不相似。",
    set_or="或",
    spread="该模型的 {members} 个成员给出的{class_name}概率介于 {low:.0f}% 与 {high:.0f}% 之间。",
    flags={
        "unlike_training": "与该模型学习过的图像不相似：请勿依赖其结果。",
        "unlike_phantoms": "演示模型只见过计算机生成的图像，而此图与之不相似：其结果没有意义。",
        "not_ultrasound": "此图看起来不是超声图像。",
        "wrong_slot": "此图看起来像{looks_like}，却作为{modality}提交。",
        "known_weakness": "验证中，该模型只发现了 {recall}% 的{class_name}淋巴结，其余漏诊。",
        "text_reliance": "遮去图中文字后，{reliance}% 的概率转向其他类别：结果依赖于图上的文字。",
    },
    method_single="只有一幅图像得到结果：其概率即为病例结果。",
    image="图像",
    map_for="{}热力图",
    low="低",
    high="高",
    nothing_speaks="图中没有支持此类别的依据。",
    no_map="没有热力图",
    file_gone="文件已不存在。",
    image_not_kept="得出结果后已删除：本站点不保存图像。",
    model="模型版本",
    computed_by="计算方式",
    region="模型只看到框出的区域：{} × {} 像素，整幅为 {} × {}。",
    frame="第 {} 帧，共 {} 帧。",
    said_title="医生意见",
    said={
        Kind.READ: "查看结果前的独立判断：{}（{}）。",
        Kind.AGREES: "同意结果：{}。{}",
        Kind.OVERRIDES: "推翻结果：{}。理由：{}",
        Kind.PATHOLOGY: "病理：{}，报告日期 {}。",
    },
    confidences={"low": "不确定", "medium": "较有把握", "high": "有把握"},
    by="{}，{}",
    nobody="未登录的访客",
    limits_title="局限",
    uncalibrated="概率未经校准：可用来排列类别的先后，但 72% 尚不表示 100 例此类病例中有 72 例正确。",
    limits=(
        "Grad-CAM 热力图标出在该模型中图像哪些部分支持该类别。它较粗略，不表示反对的依据，也不是淋巴结轮廓。",
        "模型只看到一种模态的一幅静态图像：没有病史、其他淋巴结或体格检查的信息。",
    ),
    made="生成于 {}",
    classes={"benign": "良性", "lymphoma": "淋巴瘤", "metastatic": "转移性"},
    modalities={"2d": "二维灰阶超声", "cdfi": "彩色多普勒血流成像（CDFI）", "elastography": "应变弹性成像"},
    failures={
        "model_unavailable": "没有可用于此模态的模型版本。",
        "worker_lost": "分析此图像时工作进程两次中断。",
        "timed_out": "计算耗时超过允许的上限。",
        "storage_error": "图像无法读取，或热力图无法保存。",
        "not_ultrasound": "看起来不是超声图像，本站不对其他图像给出结果。",
        "masking_failed": "图像中的文字无法完全遮盖：未经任何人查看即已删除。",
        "internal_error": "计算因未知原因失败。",
        "cancelled": "得出结果前已取消。",
    },
)
WORDS: dict[str, Words] = {ENGLISH: _EN, CHINESE: _ZH}
