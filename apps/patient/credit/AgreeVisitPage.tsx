import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { CreditLine, CreditOffer } from '../../../contract/client.ts'
import { amountText } from '../../web/amount.ts'
import { Go, places, useGo } from '../navigation.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { useHospitals } from '../parts/hospitals.ts'
import { Waiting } from '../parts/Waiting.tsx'
import { NotFoundPage } from '../shell/NotFoundPage.tsx'
import { Page } from '../shell/Page.tsx'
import { ConsentStep } from './ConsentStep.tsx'
import { wayWords } from './OffersList.tsx'
import { Rate } from './Rate.tsx'
import { reserveChoices } from './reserve-choices.ts'
import { useAgreeToVisit, useLines, useOffers } from './use-credit.ts'

/** Before a visit: at which hospital, how much to keep for it, the text, and from then on nothing is tapped. */
export function AgreeVisitPage({ lenderId }: { lenderId: number }) {
  const { t } = useTranslation()
  const lines = useLines()
  const offers = useOffers()
  const line = lines.data?.items.find((each) => each.lenderId === lenderId)
  if (lines.data && !line) return <NotFoundPage />
  const offer = offers.data?.items.find(
    (each) => each.lenderId === lenderId && each.productId === line?.productId,
  )
  const error = lines.error ?? offers.error
  const retry = () => void Promise.all([lines.refetch(), offers.refetch()])
  return (
    <Page title={t('credit:visit.agreeTitle')} back={places.credit}>
      {error ? <FailureBox error={error} onRetry={retry} /> : null}
      {line && offer && line.freeFen > 0 && <Steps line={line} offer={offer} />}
      {line && line.freeFen <= 0 && <Blocked words={t('credit:visit.nothingFree')} />}
      {line && offers.data && !offer && <Blocked words={t('credit:visit.noText')} />}
      {!(lines.data && offers.data) && !error && (
        <section className="card">
          <Waiting rows={5} />
        </section>
      )}
    </Page>
  )
}

function Blocked({ words }: { words: string }) {
  const { t } = useTranslation()
  return (
    <section className="card">
      <p>{words}</p>
      <Go place={places.credit} className="button">
        {t('credit:application.goLine')}
      </Go>
    </section>
  )
}

function Steps({ line, offer }: { line: CreditLine; offer: CreditOffer }) {
  const { t } = useTranslation()
  const go = useGo()
  const [choices] = useState(() => reserveChoices(line.freeFen))
  const [reserveFen, setReserve] = useState(choices[0] ?? line.freeFen)
  const [hospitalId, setHospital] = useState<number | null>(null)
  const [isReading, setReading] = useState(false)
  const agree = useAgreeToVisit(
    line.lenderId,
    ({ lenderId, id }) => void go(places.creditVisitOf(lenderId, id), { replace: true }),
  )
  const hospital = useHospitals().data?.items.find(({ id }) => id === hospitalId)
  const way = offer.ways.find((each) => each.way === line.way)
  if (!isReading || !hospital) {
    return (
      <Wish
        {...{ line, choices, reserveFen, setReserve, hospitalId, setHospital }}
        onNext={() => setReading(true)}
      />
    )
  }
  const wish = { hospitalId: hospital.id, reserveFen }
  const send = () => agree.mutate({ ...wish, consentVersion: offer.consent.version })
  return (
    <>
      <ConsentStep
        consent={offer.consent}
        yes={t('credit:visit.agree')}
        isSending={agree.isPending}
        onYes={send}
        onBack={() => setReading(false)}
      >
        <section className="card">
          <p>
            <strong>{hospital.name}</strong>
          </p>
          <p className="row-line">
            <span>{t('credit:visit.reservedFen')}</span>
            <strong className="amount">{amountText(reserveFen)}</strong>
          </p>
          <p>{t('credit:visit.todayEnds')}</p>
          <p>{wayWords(t, way ?? { way: line.way, periods: 1 })}</p>
          <Rate ppm={way?.aprPpm ?? null} disclosure={way?.disclosure ?? null} />
        </section>
      </ConsentStep>
      {agree.error && <FailureBox error={agree.error} />}
    </>
  )
}

function Wish(props: WishProps) {
  const { t } = useTranslation()
  const { line, choices } = props
  const { data } = useHospitals()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    props.onNext()
  }
  return (
    <form onSubmit={submit} className="visit-wish">
      <fieldset className="card ways">
        <legend className="visually-hidden">{t('credit:visit.hospital')}</legend>
        <h2 aria-hidden="true">{t('credit:visit.hospital')}</h2>
        {data?.items.map(({ id, name }) => (
          <Choice
            key={id}
            group="hospital"
            words={name}
            isChosen={props.hospitalId === id}
            onChoose={() => props.setHospital(id)}
          />
        ))}
        {!data && <Waiting rows={2} />}
      </fieldset>
      <fieldset className="card ways">
        <legend className="visually-hidden">{t('credit:visit.reserve')}</legend>
        <h2 aria-hidden="true">{t('credit:visit.reserve')}</h2>
        <p className="note">{t('credit:visit.reserveNote')}</p>
        {choices.map((fen) => (
          <Choice
            key={fen}
            group="reserve"
            words={
              fen === line.freeFen ? `${t('credit:visit.all')} ${amountText(fen)}` : amountText(fen)
            }
            isChosen={props.reserveFen === fen}
            onChoose={() => props.setReserve(fen)}
          />
        ))}
      </fieldset>
      <p className="note">{t('credit:visit.todayEnds')}</p>
      <p className="note">{t('credit:visit.noPassword')}</p>
      <button type="submit" className="button button-primary" disabled={props.hospitalId === null}>
        {t(props.hospitalId === null ? 'credit:visit.chooseFirst' : 'credit:visit.toText')}
      </button>
    </form>
  )
}

const Choice = ({ group, words, isChosen, onChoose }: ChoiceProps) => (
  <label className="way">
    <input type="radio" name={group} checked={isChosen} onChange={onChoose} />
    <span>{words}</span>
  </label>
)

type ChoiceProps = { group: string; words: string; isChosen: boolean; onChoose: () => void }

type WishProps = {
  line: CreditLine
  choices: readonly number[]
  reserveFen: number
  setReserve: (fen: number) => void
  hospitalId: number | null
  setHospital: (id: number) => void
  onNext: () => void
}
