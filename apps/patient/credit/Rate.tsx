import { useTranslation } from 'react-i18next'

import { percentText } from '../parts/percent.ts'

/**
 * The yearly rate 年化利率 of a loan or an offer, and how it is worked out. It stands out wherever a loan is shown, and no
 * other rate is shown beside it: see PBOC 公告〔2021〕第3号.
 */
export function Rate({ ppm, disclosure }: RateProps) {
  const { t } = useTranslation()
  if (ppm === null) return <p className="note">{t('credit:rateUnknown')}</p>
  return (
    <p className="rate-box">
      <span className="rate">{t('credit:rateIs', { rate: percentText(ppm) })}</span>
      {disclosure !== null && (
        <span className="fine-print">{t(`credit:disclosures.${disclosure}`)}</span>
      )}
    </p>
  )
}

/** The rates of several ways, from the lowest to the highest. */
export function RateRange({ ways }: { ways: readonly { aprPpm: number; disclosure: string }[] }) {
  const { t } = useTranslation()
  const rates = ways.map(({ aprPpm }) => aprPpm)
  const [least, most] = [Math.min(...rates), Math.max(...rates)]
  const disclosure = ways[0]?.disclosure ?? null
  if (least >= most) return <Rate ppm={ways[0]?.aprPpm ?? null} disclosure={disclosure} />
  return (
    <p className="rate-box">
      <span className="rate">
        {t('credit:rateRange', { least: percentText(least), most: percentText(most) })}
      </span>
      <span className="fine-print">{t(`credit:disclosures.${disclosure}`)}</span>
    </p>
  )
}

type RateProps = { ppm: number | null; disclosure: string | null }
