/**
 * The look of both web apps. Nothing else names a colour, a size or a duration: antd and echarts take
 * them from here, plain CSS takes the same values from look.css, and look.test.ts keeps the two alike.
 */
export const look = {
  color: {
    primary: '#0B6B6B',
    primaryDeep: '#085252',
    primarySoft: '#E3F0EF',
    moneyIn: '#1F7A3D',
    moneyInSoft: '#E6F3EA',
    moneyOut: '#B3261E',
    moneyOutSoft: '#FBEAE9',
    moneyHeld: '#8A5A00',
    moneyHeldSoft: '#FBF2E0',
    surface: '#FFFFFF',
    ground: '#F5F7F7',
    text: '#1C2426',
    textSecondary: '#4A5558',
    onPrimary: '#FFFFFF',
    line: '#DDE3E3',
    lineStrong: '#7B878A',
    shade: 'rgb(28 36 38 / 8%)',
    veil: 'rgb(28 36 38 / 55%)',
  },
  /** Who pays. Fills only: the words beside them stand in the colour of text. */
  tender: {
    pooled: '#0B6B6B',
    account: '#2E8B8B',
    commercial: '#5B6FB5',
    subsidy: '#9A6FB0',
    voucher: '#B0567E',
    package: '#4F8A4C',
    deposit: '#8A6B3D',
    credit: '#C27A1A',
    self_pay: '#47525E',
  },
  font: {
    family:
      "'PingFang SC', 'Noto Sans CJK SC', 'Noto Sans SC', 'Microsoft YaHei', system-ui, sans-serif",
    mono: "ui-monospace, 'SF Mono', 'DejaVu Sans Mono', monospace",
    patientPx: 16,
    consolePx: 14,
    elderScale: 1.35,
    textRem: { small: 0.875, body: 1, lead: 1.125, title: 1.25, large: 1.5, total: 2 },
  },
  spacePx: [4, 8, 12, 16, 24, 32],
  radiusPx: { patient: 12, console: 6 },
  targetPx: { patient: 44, elder: 60, console: 24 },
  motionMs: 150,
} as const
