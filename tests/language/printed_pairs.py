"""Each kind of sentence in both languages, as the formatter prints it."""

PAIRS = [
    (
        "choice level | 等级: primary | 一级, tertiary | 三级",
        "选项 level | 等级\uff1aprimary | 一级\uff0ctertiary | 三级",
    ),
    (
        "category outpatient | 门诊, inpatient | 住院",
        "类目 outpatient | 门诊\uff0cinpatient | 住院",
    ),
    ("bucket current | 当年, carried | 历年", "分户 current | 当年\uff0ccarried | 历年"),
    (
        'input pension | 本人养老金: money in 0元..100000元 because "…"',
        '输入 pension | 本人养老金\uff1a金额在0元..100000元\uff0c理由"…"',
    ),
    ("input stay | 住院天数: days", "输入 stay | 住院天数\uff1a日数"),
    (
        "define age | 年龄: age in 0..150 = years from birth to today",
        "定义 age | 年龄\uff1a岁数在0..150 = 周年从出生日期到今日",
    ),
    (
        "define years_needed | 应缴年限 = 30 years if male, 25 years if female, otherwise unknown",
        "定义 years_needed | 应缴年限 = 若男则30年\uff0c若女则25年\uff0c否则未公布",
    ),
    ("param avg_pension | 平均养老金: money", "参数 avg_pension | 平均养老金\uff1a金额"),
    (
        'param floor | 下限 = 100元 cite "000" attested "D"',
        '参数 floor | 下限 = 100元 依据"000" 证级"D"',
    ),
    (
        '  2023-01-01 until 2023-12-31  3850元  cite "000" attested "D"',
        '  2023-01-01至2023-12-31  3850元  依据"000" 证级"D"',
    ),
    ("  2024-01-01  unknown", "  2024-01-01  未公布"),
    ('table outpatient_table | 门诊待遇 cite "000"', '表格 outpatient_table | 门诊待遇 依据"000"'),
    (
        "  | level, age || ratio: rate | cap: money |",
        "  | 医疗机构等级\uff0c年龄 || 比例\uff1a比率 | cap\uff1a金额 |",
    ),
    (
        "  | primary, secondary | [60, 70) | >= 70 | - | 1.5万元 |",
        "  | 一级及以下\uff0c二级 | [60, 70) | ≥70 | - | 1.5万元 |",
    ),
    ("region 山东 | shandong under 全国", "地区 山东 | shandong 属于 全国"),
    (
        'since 2024-01-01 until 2024-12-31 as "C18" cite "003" attested "B"',
        '自2024-01-01至2024-12-31作为"C18" 依据"003" 证级"B"',
    ),
    ('include "regions/shandong.yb"', '引用 "regions/shandong.yb"'),
    ("include 山东", "引用 山东"),
    ('use 山东 as "C18"', '采用山东作为"C18"'),
    (
        "person 张三: birth 1952-03-01, male, retired since 2012-03-01, in 山东",
        "人员 张三\uff1a出生日期1952-03-01\uff0c男\uff0c退休自2012-03-01\uff0c在山东",
    ),
    ('test "70 岁当月"', '测试"70 岁当月"'),
    (
        "given not pooled, level = primary, avg_pension = unknown, contribution_base 8000元",
        "已知 非家庭共济\uff0c医疗机构等级=一级及以下\uff0c平均养老金=未公布\uff0c缴费基数8000元",
    ),
    ("on 2024-06-20 expect credit = 125元", "于2024-06-20期望划入=125元"),
    ("expect credit in 2024 = 1325元", "期望划入在2024年=1325元"),
    ("expect wait for cover = 2024-07-01", "期望等待用于报销=2024-07-01"),
    ('expect net credit by month in 2024 refused "YB402"', '期望净划入逐月在2024年被拒"YB402"'),
    ("show credit of 张三 on 2024-06", "显示张三的划入于2024-06"),
    ("explain credit from 2024-01-01 to 2024-06-30", "解释划入从2024-01-01到2024-06-30"),
    (
        'compare 山东 as "C18", 北京 for 张三 on 2024-06',
        '比较山东作为"C18"\u3001北京用于张三于2024-06',
    ),
    ("age >= 70 credit 2.5% of avg_pension", "年龄≥70\uff0c划入平均养老金的2.5%"),
    (
        "retired and age >= 70 credit 2.5% of avg_pension monthly",
        "退休且年龄≥70\uff0c每月划入平均养老金的2.5%",
    ),
    ("retired and age < 70 credit 100元 monthly on day 20", "退休且年龄<70\uff0c每月20日划入100元"),
    (
        "retired credit 1400元 yearly on 07-01 prorated from month after retired_on to current",
        "退休\uff0c每年7月1日划入1400元折算自次月退休日期到当年",
    ),
    (
        "active credit 2% of min(max(contribution_base, 60% of avg_wage), 300% of "
        "avg_wage) monthly by day 5 assessed on last of month",
        "在职\uff0c每月最迟5日划入取小\uff08取大\uff08缴费基数\uff0c平均工资的60%\uff09\uff0c平均工资的300%"
        "\uff09的2%认定于当月末日",
    ),
    (
        "also except when emergency credit 200元 once as extra when pooled",
        "另例外急诊\uff0c一次性划入200元作为补贴当家庭共济",
    ),
    (
        'resident credit none because "居民没有个人账户"',
        '居民\uff0c划入不适用\uff0c理由"居民没有个人账户"',
    ),
    ('deduct 3元 monthly for "大额互助"', '每月扣缴3元用于"大额互助"'),
    (
        "retired cover 80% of outpatient at primary above 200元 per year counting payment "
        "up to 4500元 per year",
        "退休\uff0c报销门诊就诊于一级及以下的80%\uff0c超过200元每年度\uff0c按支付计最高4500元每年度",
    ),
    (
        "cover (ratio + 5%) of outpatient, drugs at primary, secondary at most 300元 per "
        "visit over all levels as floor",
        "报销门诊\u3001购药就诊于一级及以下\u3001二级的\uff08比例+5%\uff09\uff0c不超过300元每次就诊各级合计作为下限",
    ),
    (
        "cover outpatient by table outpatient_table except lines of drugs then major 100%",
        "报销门诊按表门诊待遇\uff0c不计明细购药\uff0c再大额100%",
    ),
    ("cover inpatient by marginal tiers stays", "报销住院按超额累进住院分段"),
    (
        "allow outpatient, drugs for spouse, parents, children when pooled",
        "允许门诊\u3001购药用于配偶\u3001父母\u3001子女当家庭共济",
    ),
    (
        "allow commercial_insurance when carried > 5000元 up to 500元 per year from carried",
        "允许商业健康保险当历年>5000元\uff0c最高500元每年度从历年",
    ),
    (
        'deny supplements because "国办发\u30142021\u301514号"',
        '禁止保健品\uff0c理由"国办发\u30142021\u301514号"',
    ),
    ("draw current then carried, rest to cash", "动用当年\uff0c再历年\uff0c其余归现金"),
    (
        "interest 0.35% yearly of carried on daily balance posted on 12-31",
        "计息0.35%每年之于历年按日余额入账于12月31日",
    ),
    ("carry current into carried on 01-01", "结转当年转入历年于1月1日"),
    ("round half up to 0.01元", "取整四舍五入到0.01元"),
    (
        "require contribution_years >= years_needed and actual_years >= 10 years for "
        'lifetime_benefit because "…"',
        '要求累计缴费年限≥应缴年限且实际缴费年限≥10年用于终身医保待遇\uff0c理由"…"',
    ),
    (
        "wait 6 months after enrolled_on for cover unless emergency",
        "参保日期之后等待6个月用于报销\uff0c除非急诊",
    ),
    (
        "retired wait until first of next month after enrolled_on for credit, cover",
        "退休\uff0c参保日期之后等待至次月首日用于划入\u3001报销",
    ),
    (
        'on death close to heirs requiring "死亡证明", "身份证明"',
        '于死亡销户归继承人\uff0c需提供"死亡证明"\u3001"身份证明"',
    ),
    ('contact "12333", "12393"', '咨询"12333"\u3001"12393"'),
    ('note "以当地医保局为准"', '备注"以当地医保局为准"'),
    ("year from 07-01", "医保年度始于7月1日"),
    ("avg_pension in 2022", "2022年平均养老金"),
    ("2% of avg_pension of last year", "上年平均养老金的2%"),
    ("avg_wage as of 2024-01-01", "平均工资截至2024-01-01"),
    (
        "max(0 months, years_needed - actual_years) / 1 month * 8%",
        "取大\uff080个月\uff0c应缴年限-实际缴费年限\uff09÷1个月×8%",
    ),
    ("2% on top of 0.8%", "2%叠加于0.8%"),
    ("2.9% including 2%", "2.9%其中含2%"),
    (
        "(0.8% + 2%) of contribution_base rounded half up to 1元",
        "缴费基数的\uff080.8%+2%\uff09舍入四舍五入到1元",
    ),
    ("pension by whole tiers stays", "本人养老金按全额分档住院分段"),
    ("ratio of table outpatient_table", "比例查自门诊待遇"),
    (
        "not (male or age within [60, 70)) and pooled",
        "非\uff08男或年龄介于[60, 70)\uff09且家庭共济",
    ),
    ("age within 60..69", "年龄介于60..69"),
    ("count of outpatient per year + 1", "次数门诊每年度+1"),
    ("months from start of retired to 12-31 of last year", "整月从起始于退休到上年12月31日"),
    ("-(1 / 12) of avg_wage", "-平均工资的\uff081 ÷ 12\uff09"),
    ("ledger 张三 from 2024-01-01 to 2024-12-31", "账本 张三 从2024-01-01到2024-12-31"),
    ("ledger 张三 from 2024-01-01 as listed", "账本 张三 从2024-01-01 逐笔列明"),
    ("ledger from 2024-01-01", "账本 从2024-01-01"),
    ("2024-01-01  opening carried 3000元", "2024-01-01  期初历年3000元"),
    ("2024-01-09  ^e2  outpatient 860元 at primary", "2024-01-09  ^e2  门诊860元就诊于一级及以下"),
    (
        "2024-01-10  ^e2b  outpatient 860.00元 at secondary eligible 800元 "
        "including essential_drug 200元, x 50元 with "
        "emergency, stay_days 100, not offsite",
        "2024-01-10  ^e2b  门诊860.00元就诊于二级\uff0c政策范围内800元\uff0c"
        "其中含基本药物200元、x 50元\uff0c情况为急诊、住院天数100、非异地就医",
    ),
    (
        "2024-02-11  ^e3  drugs 120元 at pharmacy for spouse 李四",
        "2024-02-11  ^e3  购药120元就诊于定点药店用于配偶李四",
    ),
    (
        '2024-03-01  credit 100元 to current because "补记"',
        '2024-03-01  划入100元到当年\uff0c理由"补记"',
    ),
    (
        '2024-03-02  ^e4  void ^e3 effective 2024-02-11 because "退药"',
        '2024-03-02  ^e4  作废^e3\uff0c生效于2024-02-11\uff0c理由"退药"',
    ),
    (
        '2024-03-03  ^e5  replace ^e2 with outpatient 500元 at primary because "…"',
        '2024-03-03  ^e5  更正^e2改为门诊500元就诊于一级及以下\uff0c理由"…"',
    ),
    (
        '2024-03-05  ^a1  adjust 300元 from current because "…"',
        '2024-03-05  ^a1  从当年调整300元\uff0c理由"…"',
    ),
    ("2024-03-06  ^r1  repaid 100元", "2024-03-06  ^r1  归还100元"),
    ("2024-05-01  retired", "2024-05-01  退休"),
    ("2024-05-02  not pooled for spouse 李四", "2024-05-02  非家庭共济用于配偶李四"),
    (
        '2024-07-01  ^c1  contribution_base = 4000元 effective 2024-01-01 because "基数核定"',
        '2024-07-01  ^c1  缴费基数=4000元\uff0c生效于2024-01-01\uff0c理由"基数核定"',
    ),
    ('2026-03-01  moves to 北京 as "C18"', '2026-03-01  迁往北京作为"C18"'),
    (
        '2026-05-01  ^d1  death to 李四 1/2, 王五 1/2 showing "死亡证明", "身份证明"',
        '2026-05-01  ^d1  死亡销户归李四1/2、王五1/2\uff0c出示"死亡证明"、"身份证明"',
    ),
    ("2024-03-31  expect fund of ^e2 = 100元", "2024-03-31  期望^e2的统筹支付=100元"),
    ('2024-03-31  expect balance refused "YB402"', '2024-03-31  期望余额被拒"YB402"'),
    ('2024-12-31  seal "…"', '2024-12-31  封账"…"'),
    ("on 2024-03-31 expect fund of ^e2 = 100元", "于2024-03-31期望^e2的统筹支付=100元"),
    ("explain ^e2 of 张三", "解释张三的^e2"),
    (
        "why balance of 张三 from 2024-01-01 to 2024-12-31",
        "为什么张三的余额从2024-01-01到2024-12-31",
    ),
    (
        "why not drugs 30元 at pharmacy for siblings of 张三 on 2024-06-01",
        "为什么不能张三的购药30元就诊于定点药店用于兄弟姐妹于2024-06-01",
    ),
    (
        'compare balance under 山东 as "C18", 北京 for 张三 on 2024-12-31',
        '比较山东作为"C18"、北京的余额用于张三于2024-12-31',
    ),
    (
        "draw current then carried before cover, rest to cash",
        "动用当年\uff0c再历年\uff0c先于报销\uff0c其余归现金",
    ),
    (
        "interest 0.35% yearly of current on daily balance posted on 01-01 to carried",
        "计息0.35%每年之于当年按日余额入账于1月1日到历年",
    ),
    ("day count 365", "计息天数365"),
    (
        "phases carrying then crediting, adjusting then paying",
        "处理顺序 结转阶段\uff0c再计入阶段、调整阶段\uff0c再支付阶段",
    ),
    ("post on day 20", "入账日为20日"),
    (
        "retired credit 100元 monthly on day 1 moved to workday before",
        "退休\uff0c每月1日遇节假日提前划入100元",
    ),
    ('holiday 2024-02-10 to 2024-02-17 cite "…"', '节假日2024-02-10至2024-02-17 依据"…"'),
    ("workday 2024-02-18", "工作日2024-02-18"),
    ("require submitted_on <= today + 12 months for cover", "要求申报日期≤今日+12个月用于报销"),
    ("cover inpatient by marginal tiers stays per year", "报销住院按超额累进住院分段每年度"),
    (
        "cover 60% of outpatient at secondary above 200元 per year each level "
        "then major 80% counting cost up to 500000元 per year",
        "报销门诊就诊于二级的60%\uff0c超过200元每年度各级分计\uff0c再大额80%按费用计最高500000元每年度",
    ),
    ("input visits | 就诊次数: number otherwise 0", "输入 visits | 就诊次数\uff1a数值 否则0"),
]
