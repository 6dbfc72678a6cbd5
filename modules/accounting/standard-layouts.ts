import type { LayoutTerms } from './layout.ts'

// The import tables of the accounting systems that hospitals mostly have, by the names of their columns. What a column
// holds in a hospital's own version is UNCERTAIN where it says so: the hospital's own layout takes the standard one's place.

const sure = (title: string, value: string) => ({ title, value, uncertain: false })
const unsure = (title: string, value = '') => ({ title, value, uncertain: true })

/** 用友 U8: the text that its ledger tool imports. */
const U8: LayoutTerms = {
  encoding: 'gb18030',
  separator: ',',
  lineEnd: '\r\n',
  quoted: false,
  head: ['填制凭证,V800'],
  withTitles: false,
  columns: [
    sure('日期', '{date}'),
    sure('凭证类别', '{type}'),
    sure('凭证号', '{no}'),
    unsure('附单据数', '0'),
    sure('摘要', '{summary}'),
    sure('科目编码', '{subject}'),
    sure('借方金额', '{debit}'),
    sure('贷方金额', '{credit}'),
    unsure('数量'),
    unsure('外币'),
    unsure('汇率'),
    unsure('制单人', 'yiqiao'),
    unsure('结算方式编码'),
    unsure('票号'),
    unsure('票号发生日期'),
    unsure('部门编码', '{department}'),
    unsure('个人编码'),
    unsure('客户编码', '{payer}'),
    unsure('供应商编码', '{channel}'),
    unsure('业务员'),
    unsure('项目编码'),
  ],
  books: ['financial', 'budget'],
  side: { debit: '借', credit: '贷' },
  book: { financial: '财务会计', budget: '预算会计' },
  fileName: 'u8-{from}-{to}.txt',
}

/** 金蝶 K/3: the table its general ledger imports, as text with separators. */
const KINGDEE: LayoutTerms = {
  encoding: 'gb18030',
  separator: ',',
  lineEnd: '\r\n',
  quoted: true,
  head: [],
  withTitles: true,
  columns: [
    sure('凭证日期', '{date}'),
    sure('会计年度', '{year}'),
    sure('会计期间', '{period}'),
    sure('凭证字', '{type}'),
    sure('凭证号', '{no}'),
    sure('科目代码', '{subject}'),
    sure('科目名称', '{subjectName}'),
    unsure('币别代码', 'RMB'),
    unsure('币别名称', '人民币'),
    sure('原币金额', '{amount}'),
    sure('借方', '{debit}'),
    sure('贷方', '{credit}'),
    unsure('制单', 'yiqiao'),
    unsure('审核'),
    sure('凭证摘要', '{summary}'),
    unsure('业务日期', '{date}'),
    unsure('附件数', '0'),
    unsure('序号', '{no}'),
    unsure('汇率', '1'),
    sure('分录序号', '{line}'),
    unsure('核算项目', '{department}'),
    unsure('往来单位', '{payer}{channel}'),
  ],
  books: ['financial', 'budget'],
  side: { debit: '借', credit: '贷' },
  book: { financial: '财务会计', budget: '预算会计' },
  fileName: 'kingdee-{from}-{to}.csv',
}

export const STANDARD_LAYOUTS: ReadonlyMap<string, LayoutTerms> = new Map([
  ['u8', U8],
  ['kingdee', KINGDEE],
])
