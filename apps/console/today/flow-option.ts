import type { EChartsCoreOption } from 'echarts/core'

import { amountText } from '../../web/amount.ts'
import { look } from '../../web/look.ts'
import { COLOR_OF_PART } from '../../web/tenders.ts'
import type { FlowLink, FlowNode } from './money-flow.ts'

/** The streams of money as echarts draws them. `wordOf` names a node. */
export function flowOption(
  links: readonly FlowLink[],
  wordOf: (node: FlowNode) => string,
): EChartsCoreOption {
  const nodes = new Map(links.flatMap(({ from, to }) => [from, to]).map((n) => [idOf(n), n]))
  const amountOf = (node: FlowNode) => {
    const sum = (side: 'from' | 'to') =>
      links
        .filter((link) => idOf(link[side]) === idOf(node))
        .reduce((fen, link) => fen + link.amountFen, 0)
    return Math.max(sum('from'), sum('to'))
  }
  return {
    animation: false,
    tooltip: {
      textStyle: { fontFamily: look.font.family, color: look.color.text },
      valueFormatter: (value: unknown) => amountText(Number(value)),
    },
    series: {
      type: 'sankey',
      left: 8,
      right: 190,
      top: 12,
      bottom: 12,
      nodeWidth: 12,
      nodeGap: 24,
      draggable: false,
      emphasis: { focus: 'adjacency' },
      lineStyle: { color: 'source', opacity: 0.3 },
      label: {
        color: look.color.text,
        fontFamily: look.font.family,
        fontSize: look.font.consolePx - 1,
      },
      data: [...nodes].map(([name, node]) => ({
        name,
        itemStyle: { color: colorOf(node), borderWidth: 0 },
        label: { formatter: `${wordOf(node)}  ${amountText(amountOf(node))}` },
      })),
      links: links.map((link) => ({
        source: idOf(link.from),
        target: idOf(link.to),
        value: link.amountFen,
      })),
    },
  }
}

const idOf = ({ kind, name }: FlowNode) => `${kind}:${name}`

function colorOf(node: FlowNode): string {
  switch (node.kind) {
    case 'part':
      return COLOR_OF_PART[node.name]
    case 'provider':
      return look.color.lineStrong
    case 'end':
      return node.name === 'kept' ? look.color.moneyIn : look.color.moneyOut
  }
}
