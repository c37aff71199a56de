"""An invented district of any size, as the spreadsheet that an office would send."""

import io

import xlsxwriter

COLUMNS = (
    "序号", "项目名称", "级别", "建设性质", "产业类别", "计划总投资", "2024年计划投资",
    "1-10月完成投资", "形象进度", "包推领导", "责任单位", "责任人", "联系人",
)  # fmt: skip
LEVELS = ("省级", "市级", "区级")


def district_book(projects: int, *, per_contact: int = 5, milestones: bool = True) -> bytes:
    """`projects` under construction; each contact answers for `per_contact` of them."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet("重点项目台账")
        sheet.write_row(0, 0, ["2024年重点项目台账"])
        sheet.write_row(1, 0, ["截至2024年10月31日", "", "", "", "", "", "计量单位:万元"])
        sheet.write_row(2, 0, COLUMNS)
        for number in range(1, projects + 1):
            contact = (number - 1) // per_contact
            sheet.write_row(2 + number, 0, _row(number, contact))
        if milestones:
            dates = book.add_worksheet("关键节点")
            dates.write_row(0, 0, ["项目名称", "节点", "完成时限", "实际完成"])
            for number in range(1, projects + 1):
                done = "2024-06-30" if number % 3 else ""
                dates.write_row(number, 0, [_name(number), "主体封顶", "2024-06-30", done])
    return target.getvalue()


def _name(number: int) -> str:
    return f"第{number}号产业园建设项目"


def _row(number: int, contact: int) -> list[object]:
    total = 10_000 + number * 7
    return [
        number,
        _name(number),
        LEVELS[number % 3],
        "续建",
        "智能制造",
        total,
        round(total * 0.3, 2),
        round(total * 0.27, 2),
        "主体施工",
        f"领导{number % 20}",
        f"第{contact % 40}街道",
        f"责任人{contact}",
        f"联系人{contact}",
    ]
