import type { EChartsCoreOption, EChartsType } from 'echarts/core'
import { useEffect, useRef } from 'react'

type ChartProps = {
  option: EChartsCoreOption
  /** What the picture says, in a sentence: the figures themselves stand in a table beside it. */
  label: string
  onPick?: (picked: { name: string; dataIndex: number }) => void
}

/** A picture drawn by echarts, which is loaded only now. It fills its frame and follows its size. */
export function Chart({ option, label, onPick }: ChartProps) {
  const frame = useRef<HTMLDivElement>(null)
  const chart = useRef<EChartsType>(null)
  const latest = useRef({ option, onPick })
  useEffect(() => {
    latest.current = { option, onPick }
    chart.current?.setOption(option, true)
  })
  useEffect(() => {
    let isGone = false
    const resized = new ResizeObserver(() => chart.current?.resize())
    void import('./echarts.ts').then(({ init }) => {
      if (isGone || !frame.current) return
      const made = init(frame.current, null, { renderer: 'svg' })
      made.setOption(latest.current.option)
      made.on('click', ({ name, dataIndex }) => latest.current.onPick?.({ name, dataIndex }))
      chart.current = made
      resized.observe(frame.current)
    })
    return () => {
      isGone = true
      resized.disconnect()
      chart.current?.dispose()
      chart.current = null
    }
  }, [])
  return <div className="chart" ref={frame} role="img" aria-label={label} />
}
