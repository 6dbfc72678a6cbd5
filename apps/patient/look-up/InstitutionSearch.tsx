import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { metresBetween, type Place } from '../../../kernel/place.ts'
import { Moment } from '../../web/Moment.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { placeOfPhone } from '../parts/phone-place.ts'
import { Waiting } from '../parts/Waiting.tsx'
import { PROVINCES } from './provinces.ts'
import { Choice, SearchForm } from './SearchForm.tsx'
import { type Institution, type InstitutionWish, useInstitutions } from './use-look-up.ts'

const SETTLED = ['outpatient', 'inpatient', 'chronic', 'drugs'] as const

/** Designated institutions of one kind: by name, province and what they settle; the nearest first where the phone says its place. */
export function InstitutionSearch({ kind }: { kind: Institution['kind'] }) {
  const { t } = useTranslation('lookUp')
  const [wish, setWish] = useState<InstitutionWish>({
    kind,
    text: '',
    province: '',
    settles: '',
    place: null,
  })
  const change = (part: Partial<InstitutionWish>) => setWish((before) => ({ ...before, ...part }))
  return (
    <>
      <SearchForm label={t('name')} onSearch={(text) => change({ text })}>
        <Choice
          label={t('province')}
          value={wish.province}
          options={[
            ['', t('everywhere')] as const,
            ...PROVINCES.map((code) => [code, t(`provinces.${code}`)] as const),
          ]}
          onChoose={(province) => change({ province })}
        />
        {kind !== 'agency' && (
          <Choice
            label={t('settles')}
            value={wish.settles}
            options={[
              ['', t('anything')] as const,
              ...SETTLED.map((what) => [what, t(`settled.${what}`)] as const),
            ]}
            onChoose={(key) => change({ settles: SETTLED.find((what) => what === key) ?? '' })}
          />
        )}
      </SearchForm>
      <Nearness place={wish.place} onPlace={(place) => change({ place })} />
      <Results wish={wish} />
    </>
  )
}

type NearnessProps = { place: Place | null; onPlace: (place: Place | null) => void }

/** Asks the phone where it is only when somebody wants that. */
function Nearness({ place, onPlace }: NearnessProps) {
  const { t } = useTranslation('lookUp')
  const look = useMutation({ mutationFn: placeOfPhone, onSuccess: onPlace })
  return (
    <>
      <button
        type="button"
        className="button"
        aria-pressed={place !== null}
        disabled={look.isPending}
        onClick={() => (place ? onPlace(null) : look.mutate())}
      >
        {t(look.isPending ? 'finding' : place ? 'nearestOff' : 'nearest')}
      </button>
      <p className="fine-print" role="status">
        {t(look.isError && !place ? 'noPlace' : place ? 'nearestNote' : 'placeNote')}
      </p>
    </>
  )
}

function Results({ wish }: { wish: InstitutionWish }) {
  const { t } = useTranslation('lookUp')
  const { data, error, refetch, isPending, hasNextPage, isFetchingNextPage, fetchNextPage } =
    useInstitutions(wish)
  const found = data?.pages.flatMap(({ items }) => items) ?? []
  const asOf = data?.pages[0]?.asOf ?? null
  return (
    <section className="payer" aria-label={t('results')}>
      {data && found.length === 0 && (
        <p className="card note" role="status">
          {t(asOf === null ? 'noList' : wish.place ? 'noneNear' : 'none')}
        </p>
      )}
      {found.map((one) => (
        <InstitutionCard
          key={`${one.region} ${one.kind} ${one.code}`}
          institution={one}
          from={wish.place}
        />
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
      {asOf !== null && <p className="fine-print">{t('callFirst')}</p>}
    </section>
  )
}

function InstitutionCard({ institution, from }: { institution: Institution; from: Place | null }) {
  const { t } = useTranslation('lookUp')
  const { name, address, phone, level, settles, validTo, place, area, asOf } = institution
  const province = PROVINCES.find((code) => area.startsWith(code))
  const words = [
    province && t(`provinces.${province}`),
    LEVELS.includes(level ?? '') && t(`levels.${level}`),
  ].filter(Boolean)
  return (
    <article className="card" aria-label={name}>
      <div className="card-head">
        <h2>{name}</h2>
        {from && place && <strong>{t('km', { km: kmOf(metresBetween(from, place)) })}</strong>}
      </div>
      {words.length > 0 && <p className="note">{words.join(' · ')}</p>}
      {address !== null && <p>{address}</p>}
      {phone !== null && (
        <p>
          <a className="text-link" href={telOf(phone)}>
            {t('call', { phone })}
          </a>
        </p>
      )}
      <p className="note">
        {settles.length === 0
          ? t('settlesUnknown')
          : t('settlesThese', { what: settles.map((one) => t(`settled.${one}`)).join(t('and')) })}
      </p>
      {validTo !== null && <p className="note">{t('until', { day: validTo })}</p>}
      <p className="fine-print">
        {t('asOf')} <Moment at={asOf} form="date" />
      </p>
    </article>
  )
}

// hosp_lv of a centre may be any code of the province's; only these three are known everywhere.
const LEVELS = ['1', '2', '3']

const kmOf = (metres: number) => (metres / 1_000).toFixed(metres < 10_000 ? 1 : 0)

/** An extension is dialled by hand. */
const telOf = (phone: string) => `tel:${phone.replace(/转.*$/, '').replaceAll(/[^\d+]/g, '')}`
