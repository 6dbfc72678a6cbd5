import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { CreditOffer } from '../../../contract/client.ts'
import { amountText } from '../../web/amount.ts'
import { Go, places, useGo } from '../navigation.tsx'
import { FailureBox } from '../parts/FailureBox.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { NotFoundPage } from '../shell/NotFoundPage.tsx'
import { Page } from '../shell/Page.tsx'
import { ConsentStep } from './ConsentStep.tsx'
import { wayWords } from './OffersList.tsx'
import { Rate } from './Rate.tsx'
import { inLanguage, useApplications, useApply, useLines, useOffers } from './use-credit.ts'

type Way = CreditOffer['ways'][number]

/** One product: its terms with the yearly rate of every way, then the text to agree to, then the decision. */
export function OfferPage({ lenderId, productId }: { lenderId: number; productId: string }) {
  const { t } = useTranslation()
  const { data, error, refetch } = useOffers()
  const offer = data?.items.find((o) => o.lenderId === lenderId && o.productId === productId)
  if (data && !offer) return <NotFoundPage />
  return (
    <Page title={t('credit:offer.title')} back={places.credit}>
      {error ? <FailureBox error={error} onRetry={() => void refetch()} /> : null}
      {offer && <Steps offer={offer} />}
      {!data && !error && (
        <section className="card">
          <Waiting rows={6} />
        </section>
      )}
    </Page>
  )
}

function Steps({ offer }: { offer: CreditOffer }) {
  const { t } = useTranslation()
  const go = useGo()
  const [way, setWay] = useState<Way | undefined>(offer.ways[0])
  const [isReading, setReading] = useState(false)
  const apply = useApply(offer)
  if (!isReading || !way) {
    return <Terms offer={offer} way={way} onWay={setWay} onNext={() => setReading(true)} />
  }
  const send = () =>
    apply.mutate(way.way, {
      onSuccess: ({ id }) =>
        void go(places.creditApplication(offer.lenderId, id), { replace: true }),
    })
  return (
    <>
      <ConsentStep
        consent={offer.consent}
        yes={t('credit:consent.apply')}
        isSending={apply.isPending}
        onYes={send}
        onBack={() => setReading(false)}
      >
        <section className="card">
          <p>{wayWords(t, way)}</p>
          <Rate ppm={way.aprPpm} disclosure={way.disclosure} />
        </section>
      </ConsentStep>
      {apply.error && <FailureBox error={apply.error} />}
    </>
  )
}

function Terms({ offer, way, onWay, onNext }: TermsProps) {
  const { t, i18n } = useTranslation()
  const hindrance = useHindrance(offer.lenderId)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onNext()
  }
  const scenes = offer.scenes.map((scene) => t(`credit:offer.sceneNames.${scene}`))
  return (
    <>
      <section className="card">
        <h2>{inLanguage(offer.name, i18n.language)}</h2>
        <p>{t(`credit:kinds.${offer.kind}`)}</p>
        <dl className="facts">
          <Fact name={t('credit:offer.lender')} value={inLanguage(offer.lender, i18n.language)} />
          <Fact
            name={t('credit:offer.limits')}
            value={t('credit:offer.limitRange', {
              least: amountText(offer.leastFen),
              most: amountText(offer.mostFen),
            })}
          />
          <Fact
            name={t('credit:offer.freeDays')}
            value={t('credit:offer.freeDaysValue', { days: offer.freeDays })}
          />
          <Fact name={t('credit:offer.scenes')} value={scenes.join(' ')} />
        </dl>
      </section>
      <form onSubmit={submit} className="card">
        <fieldset className="ways">
          <legend>
            <h2>{t('credit:offer.chooseWay')}</h2>
          </legend>
          {offer.ways.map((each) => (
            <WayChoice
              key={`${each.way} ${each.periods}`}
              way={each}
              isChosen={each === way}
              onChoose={() => onWay(each)}
            />
          ))}
        </fieldset>
        {hindrance === null ? (
          <button type="submit" className="button button-primary">
            {t('credit:offer.toText')}
          </button>
        ) : (
          <p className="held-row" role="status">
            {t(hindrance)}
          </p>
        )}
        <p className="note">{t('credit:offer.voluntary')}</p>
        {hindrance !== null && (
          <Go place={places.credit} className="button">
            {t('credit:application.goLine')}
          </Go>
        )}
      </form>
    </>
  )
}

/** Why nobody needs to apply here now; null where one can. The hub says the same if asked. */
function useHindrance(lenderId: number): string | null {
  const lines = useLines().data?.items ?? []
  const applications = useApplications().data?.items ?? []
  const line = lines.find((each) => each.lenderId === lenderId)
  if (line && line.status !== 'ended') return 'credit:offer.hasLine'
  const isAsking = applications.some(
    (each) => each.lenderId === lenderId && each.status === 'asking',
  )
  return isAsking ? 'credit:offer.asking' : null
}

function WayChoice({ way, isChosen, onChoose }: WayChoiceProps) {
  const { t } = useTranslation()
  const { principalFen, totalFen, costFen } = way.example
  const example = {
    principal: amountText(principalFen),
    total: amountText(totalFen),
    cost: amountText(costFen),
  }
  return (
    <label className="way">
      <input type="radio" name="way" checked={isChosen} onChange={onChoose} />
      <span className="way-terms">
        <strong>{wayWords(t, way)}</strong>
        <Rate ppm={way.aprPpm} disclosure={way.disclosure} />
        <span className="note">
          {t(costFen > 0 ? 'credit:offer.example' : 'credit:offer.exampleFree', example)}
        </span>
      </span>
    </label>
  )
}

const Fact = ({ name, value }: { name: string; value: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
)

type WayChoiceProps = { way: Way; isChosen: boolean; onChoose: () => void }

type TermsProps = {
  offer: CreditOffer
  way: Way | undefined
  onWay: (way: Way) => void
  onNext: () => void
}
