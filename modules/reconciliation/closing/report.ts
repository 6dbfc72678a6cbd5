import { type Fen, formatYuan } from '../../../kernel/money.ts'
import type { BusinessDate } from '../../../kernel/time.ts'
import type { Hospital } from '../../hospitals/index.ts'
import type { DifferenceClass, DifferenceStatus, MoveKind } from '../day.ts'
import { HIS } from '../day.ts'
import type { Figure } from '../identity.ts'
import type { Closing } from './closing-store.ts'
import type { FigureChange, KindFacts } from './day-facts.ts'

// A closed day as tables of words: the document and the workbook are both made of these.

export type DayReport = {
  hospital: Pick<Hospital, 'id' | 'name'>
  date: BusinessDate
  closing: Closing
  /** From the version before. */
  changes: readonly FigureChange[]
}

export const TITLE = '对账日报'

/** 来源、方向，我方，每一类差异，对方: each line is one kind of one party, and adds up from left to right. */
export type IdentityRow = {
  source: string
  kind: string
  ours: Figure
  gaps: string
  gapFen: Fen
  theirs: Figure
}

export const identityRows = ({ closing }: DayReport): IdentityRow[] =>
  closing.facts.figures.sources.flatMap(({ source, identity }) =>
    identity.map((kind) => identityRow(source, kind)),
  )

function identityRow(source: string, { kind, ours, gaps, theirs }: KindFacts): IdentityRow {
  const words = gaps.map(
    (gap) => `${WORD_OF_CLASS[gap.class]} ${gap.count} 笔 ${formatYuan(gap.amountFen)}`,
  )
  return {
    source: nameOfSource(source),
    kind: WORD_OF_KIND[kind],
    ours,
    gaps: words.length === 0 ? '无差异' : words.join('；'),
    gapFen: (theirs.amountFen - ours.amountFen) as Fen,
    theirs,
  }
}

export type BridgeRow = { name: string; amountFen: Fen }

/** Null-free only once all sides were compared; empty before. */
export function bridgeRows({ closing }: DayReport): BridgeRow[] {
  const { bridge } = closing.facts.figures
  if (!bridge) return []
  return [
    { name: '各方账单净额', amountFen: bridge.providersFen },
    { name: '我方流水净额', amountFen: bridge.oursFen },
    ...(bridge.keptHereFen
      ? [{ name: '平台号源挂号费（医院系统不记）', amountFen: bridge.keptHereFen }]
      : []),
    { name: '当日未入账或跨日', amountFen: bridge.inBetweenFen },
    { name: '我方已入账净额', amountFen: bridge.settledFen },
    { name: '医院系统净额', amountFen: bridge.hospitalFen },
  ]
}

export const differenceCells = ({ closing }: DayReport): string[][] =>
  closing.facts.differences.map((each) => [
    nameOfSource(each.source),
    WORD_OF_CLASS[each.class],
    WORD_OF_KIND[each.kind],
    each.ourNo,
    each.providerNo ?? '—',
    formatYuan(each.oursFen),
    formatYuan(each.theirsFen),
    WORD_OF_STATUS[each.status],
  ])

export const caseCells = ({ closing }: DayReport): string[][] =>
  closing.facts.cases.map((each) => [
    each.subject,
    each.class,
    formatYuan(each.amountFen),
    each.owner ?? '未分派',
    each.status === 'open' ? '未了结' : `已了结：${each.resolution ?? ''}`,
  ])

export const changeCells = ({ changes }: DayReport): string[][] =>
  changes.map(({ source, kind, side, before, after, deltaFen }) => [
    nameOfSource(source),
    WORD_OF_KIND[kind],
    side === 'ours' ? '我方' : '对方',
    `${before.count} 笔 ${formatYuan(before.amountFen)}`,
    `${after.count} 笔 ${formatYuan(after.amountFen)}`,
    formatYuan(deltaFen),
  ])

export const nameOfSource = (source: string): string => NAME_OF_SOURCE[source] ?? source

const NAME_OF_SOURCE: Record<string, string> = {
  [HIS]: '医院系统',
  wechat: '微信支付',
  alipay: '支付宝',
  unionpay: '云闪付',
  bank: '银行卡',
  insurance: '医保',
  commercial: '商业保险',
  credit: '信用就医',
}

export const WORD_OF_KIND: Record<MoveKind, string> = { charge: '收款', return: '退款' }

export const WORD_OF_CLASS: Record<DifferenceClass, string> = {
  ours_only: '我方多',
  theirs_only: '对方多',
  amount: '金额差',
  status: '状态不符',
  duplicate: '对方重复',
  foreign: '他院单号',
  cross_day: '跨日',
}

export const WORD_OF_STATUS: Record<DifferenceStatus, string> = {
  found: '已发现',
  repairing: '修复中',
  repaired: '已修复',
  explained: '已说明',
  in_case: '人工处理',
}
