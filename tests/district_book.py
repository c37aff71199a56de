"""The ledger of a small district as its office keeps it: six projects, three units, nine people."""

from tests.ledger_cast import workbook

OFFICE, APPROVER, SPONSOR = "孔令辉煌", "孟庆东方", "程子涵"
RESPONSIBLE, LI, YANG = "周建国", "李敏", "杨伟"
HE, HEAD_OF_STREET = "何静", "王强"
SECOND_OFFICE = "吴倩"

STEEL = "精品钢绿色转型项目"
RESERVOIR = "马头山水库建设项目"
STATION = "口镇高铁片区开发项目"
METAL = "再生金属循环利用项目"
LOGISTICS = "智慧物流园项目"
TOWN = "雪野湖康养小镇项目"

UNIT, STREET = "莱芜经济开发区", "凤城街道"
_HEADINGS = ["序号", "项目名称", "级别", "建设性质", "总投资(万元)", "2024年计划投资(万元)"]
_HEADINGS += ["1-10月完成投资(万元)", "形象进度", "包推领导", "责任单位", "责任人", "联系人"]


def book() -> bytes:
    """李敏 answers for three projects, 杨伟 and 何静 for one each; one is finished."""
    rows = [
        _row(STEEL, "省级", 50000, 12000, 9000, "主体施工", UNIT, LI),
        _row(RESERVOIR, "市级", 80000, 20000, 16000, "坝体填筑", UNIT, LI),
        _row(STATION, "区级", 30000, 6000, 5000, "基础施工", UNIT, LI),
        _row(METAL, "区级", 50000, 12000, 10000, "设备安装", UNIT, YANG),
        _row(LOGISTICS, "区级", 20000, 5000, 4000, "主体封顶", STREET, HE),
        _row(TOWN, "区级", 15000, 3000, 3000, "已竣工", UNIT, YANG),
    ]
    numbered = [[number, *row] for number, row in enumerate(rows, 1)]
    return workbook(
        重点项目台账=[["莱芜区2024年重点项目台账"], _HEADINGS, *numbered],
        关键节点=[
            ["项目名称", "节点", "完成时限", "实际完成"],
            [RESERVOIR, "开工", "2023-03-01", "2023-03-01"],
            [RESERVOIR, "大坝合龙", "2024-10-20", None],
            [RESERVOIR, "下闸蓄水", "2025-06-30", None],
        ],
        人员=[
            ["姓名", "职务", "单位", "角色", "电话"],
            [OFFICE, "项目办主任", "区重点项目办", "调度员", "0531-00001000"],
            [SECOND_OFFICE, "项目办科员", "区重点项目办", "调度员", None],
            [APPROVER, "常务副区长", "区委区政府", "审签人", None],
            [SPONSOR, "区级领导", "区委区政府", "包推领导", None],
            [RESPONSIBLE, "主任", UNIT, "责任人", None],
            [LI, "科长", UNIT, "联系人", "13800000001"],
            [YANG, "科员", UNIT, "联系人", "13800000002"],
            [HE, "科员", STREET, "联系人", None],
            [HEAD_OF_STREET, "主任", STREET, "责任人", None],
        ],
    )


def _row(
    name: str, level: str, total: int, plan: int, done: int, progress: str, unit: str, contact: str
) -> list[object]:
    responsible = HEAD_OF_STREET if unit == STREET else RESPONSIBLE
    return [
        *(name, level, "续建", total, plan, done, progress, SPONSOR, unit),
        *(responsible, contact),
    ]
