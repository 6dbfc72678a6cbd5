const DIGITS = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'] as const
const PLACES = ['', '拾', '佰', '仟'] as const
const GROUPS = ['', '万', '亿', '万亿'] as const

/**
 * An amount as it is written on vouchers, so that nobody can change a figure: 1_640_902 fen are 壹万陆仟肆佰零玖元零贰分.
 *
 * Units: whole fen, of either sign; an amount below zero begins with 负.
 * Source: 支付结算办法, appendix 1: zeros between digits are one 零; 整 stands where no 分 follow; after 元 a missing 角 is 零.
 */
export function capitalsOf(amountFen: number): string {
  const size = Math.abs(amountFen)
  const yuan = Math.trunc(size / 100)
  const [jiao, fen] = [Math.trunc(size / 10) % 10, size % 10]
  const whole = yuan === 0 ? '' : `${wholeText(yuan)}元`
  return `${amountFen < 0 ? '负' : ''}${whole}${restText(whole !== '', jiao, fen)}`
}

function restText(hasYuan: boolean, jiao: number, fen: number): string {
  if (jiao === 0 && fen === 0) return hasYuan ? '整' : '零元整'
  if (fen === 0) return `${DIGITS[jiao]}角整`
  const tenths = jiao > 0 ? `${DIGITS[jiao]}角` : hasYuan ? '零' : ''
  return `${tenths}${DIGITS[fen]}分`
}

/** In groups of four digits, each with its own name; a group of nothing but zeros has none. */
function wholeText(yuan: number): string {
  const digits = String(yuan)
  let text = ''
  let isZeroOpen = false
  for (let i = 0; i < digits.length; i++) {
    const place = digits.length - 1 - i
    const digit = digits.charAt(i)
    if (digit === '0') isZeroOpen = text !== ''
    else {
      text += `${isZeroOpen ? '零' : ''}${DIGITS[Number(digit)]}${PLACES[place % 4]}`
      isZeroOpen = false
    }
    if (place % 4 !== 0 || place === 0) continue
    const group = digits.slice(Math.max(0, i - 3), i + 1)
    if (/[1-9]/.test(group)) text += GROUPS[place / 4]
  }
  return text
}
