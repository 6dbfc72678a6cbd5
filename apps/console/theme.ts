import type { ThemeConfig } from 'antd'

import { look } from '../web/look.ts'

/** The tokens of apps/web/look.ts in the words of antd. */
export const antdTheme = (): ThemeConfig => ({
  components: {
    // Without it the unchosen stand on the ground of the page, and look like text.
    Segmented: { trackBg: look.color.line, itemColor: look.color.text },
  },
  token: {
    colorPrimary: look.color.primary,
    colorLink: look.color.primary,
    colorSuccess: look.color.moneyIn,
    colorError: look.color.moneyOut,
    colorWarning: look.color.moneyHeld,
    colorInfo: look.color.primary,
    colorText: look.color.text,
    colorTextSecondary: look.color.textSecondary,
    colorTextDescription: look.color.textSecondary,
    colorTextPlaceholder: look.color.textSecondary,
    colorTextDisabled: look.color.textSecondary,
    colorBorder: look.color.lineStrong,
    colorBorderSecondary: look.color.line,
    colorBgLayout: look.color.ground,
    fontFamily: look.font.family,
    fontSize: look.font.consolePx,
    borderRadius: look.radiusPx.console,
    motion: !window.matchMedia('(prefers-reduced-motion: reduce)').matches,
    motionDurationFast: `${look.motionMs}ms`,
    motionDurationMid: `${look.motionMs}ms`,
    motionDurationSlow: `${look.motionMs}ms`,
  },
})
