import { BarChart, LineChart, SankeyChart } from 'echarts/charts'
import { GridComponent, TooltipComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'

// The parts of echarts that the console draws with; loaded when the first chart is in sight.
use([BarChart, LineChart, SankeyChart, GridComponent, TooltipComponent, SVGRenderer])

export { init }
