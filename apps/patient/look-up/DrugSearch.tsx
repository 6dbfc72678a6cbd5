import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Moment } from '../../web/Moment.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { PROVINCES } from './provinces.ts'
import { Choice, SearchForm } from './SearchForm.tsx'
import { type Drug, useCatalogueRegions, useDrugs } from './use-look-up.ts'

/** What the insurance of a region covers: 甲, 乙 with the share one pays first, 丙, and limits. */
export function DrugSearch() {
  const { t } = useTranslation('lookUp')
  const { data, error, refetch, isPending } = useCatalogueRegions()
  const [chosen, setChosen] = useState('')
  const [text, setText] = useState('')
  const regions = data?.items.map(({ region }) => region) ?? []
  const region = chosen === '' ? (regions[0] ?? '') : chosen
  if (error) return <FailureBox error={error} onRetry={() => void refetch()} />
  if (isPending) return <Waiting rows={4} />
  if (region === '') {
    return (
      <p className="card note" role="status">
        {t('noCatalogue')}
      </p>
    )
  }
  return (
    <>
      <SearchForm label={t('drugName')} onSearch={setText}>
        <Choice
          label={t('region')}
          value={region}
          options={regions.map((code) => [code, regionWords(code)])}
          onChoose={setChosen}
        />
      </SearchForm>
      {text === '' ? (
        <p className="note">{t('drugHint')}</p>
      ) : (
        <Drugs region={region} text={text} />
      )}
    </>
  )

  function regionWords(code: string): string {
    const province = PROVINCES.find((one) => code.startsWith(one))
    return province ? `${t(`provinces.${province}`)} ${code}` : code
  }
}

function Drugs({ region, text }: { region: string; text: string }) {
  const { t } = useTranslation('lookUp')
  const { data, error, refetch, isPending, hasNextPage, isFetchingNextPage, fetchNextPage } =
    useDrugs({ region, text })
  const drugs = data?.pages.flatMap(({ items }) => items) ?? []
  const asOf = data?.pages[0]?.asOf
  return (
    <section className="payer" aria-label={t('results')}>
      {data && drugs.length === 0 && (
        <p className="card note" role="status">
          {t('noDrug')}
        </p>
      )}
      {drugs.map((drug) => (
        <DrugCard key={drug.code} drug={drug} />
      ))}
      {error ? <FailureBox error={error} onRetry={() => void refetch()} /> : null}
      {isPending && <Waiting rows={4} />}
      {hasNextPage && (
        <button
          type="button"
          className="button"
          disabled={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
        >
          {t('more')}
        </button>
      )}
      {asOf !== undefined && (
        <p className="fine-print">
          {t('asOf')} <Moment at={asOf} form="date" /> {t('drugNote')}
        </p>
      )}
    </section>
  )
}

function DrugCard({ drug }: { drug: Drug }) {
  const { t } = useTranslation('lookUp')
  const { code, name, form, spec, unit, coverClass, firstSharePpm, priceLimits, isLimited } = drug
  const what = [form, spec, unit].filter((part) => part !== null && part !== '')
  return (
    <article className="card" aria-label={name}>
      <div className="card-head">
        <h2>{name}</h2>
        <strong>{t(coverClass === null ? 'classNone' : `class${coverClass}`)}</strong>
      </div>
      {what.length > 0 && <p>{what.join(' · ')}</p>}
      <p className="note">
        {t(coverClass === null ? 'coverNone' : `cover${coverClass}`)}
        {coverClass === 'B' && firstSharePpm > 0
          ? ` ${t('firstShare', { percent: firstSharePpm / 10_000 })}`
          : ''}
      </p>
      {isLimited && <p className="note">{t('limited')}</p>}
      {priceLimits.map(({ level, limitMicroYuan }) => (
        <p key={level} className="note">
          {t('priceLimit', {
            level: t(level === 'any' ? 'anyLevel' : `levels.${level}`),
            yuan: yuanOf(limitMicroYuan),
          })}
        </p>
      ))}
      <p className="fine-print">{t('code', { code })}</p>
    </article>
  )
}

/** A limit has up to six decimals: those that it has beyond the fen are shown, too. */
const yuanOf = (microYuan: number) =>
  (microYuan / 1_000_000).toFixed(6).replace(/(\.\d{2}\d*?)0+$/, '$1')
