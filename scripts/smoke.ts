import { signInAndConsent } from '../sandbox/entra/browse.ts'
import { confirmationLink, type DemoProcess, startDemo, until } from './demo-process.ts'
import { FormBrowser } from './form-browser.ts'

/*
 * `npm run smoke`: starts everything on free ports in a folder of its own and walks the main job over HTTP as a
 * browser without scripts would: register, connect, sync, coverage, look back, revoke. One line a step.
 */

const startedAt = performance.now()
const seconds = () => Math.round((performance.now() - startedAt) / 1000)
const step = (text: string) => console.log(`✓ ${text} (${seconds()} s)`)

try {
  const demo = await startDemo()
  step(`everything is up at ${demo.origin}`)
  try {
    await walk(demo)
  } finally {
    await demo.stop()
  }
  console.log(`Smoke test passed in ${seconds()} s.`)
} catch (error) {
  console.error(error)
  console.error('Smoke test failed.')
  process.exitCode = 1
}

async function walk(demo: DemoProcess) {
  const browser = new FormBrowser(demo.origin)
  const email = 'smoke@harbour.example'
  const password = 'lantern pebble orchard 47'

  let page = await browser.open('/register')
  await browser.submit(page, { name: 'Sam Smoke', email, password, organizationName: 'Harbour Bakery' })
  page = await browser.open(
    await until('the confirmation mail', 20_000, () => confirmationLink(demo.mailbox)),
  )
  if (page.hasForm({ token: '' })) await browser.submit(page, { token: page.fieldOf('token') })
  step('registered, and the address is confirmed')

  page = await browser.submit(await browser.open('/login'), { email, password })
  if (!/\/o\//.test(page.url)) page = await browser.open('/')
  const base = found(/(\/o\/[a-z0-9-]+)/, page.url)
  step(`signed in; the organization is at ${base}`)

  page = await browser.open(`${base}/settings/integrations/entra`)
  const authorize = await browser.submitWithoutFollowing(page, { ...demo.directory, cloud: 'global' })
  page = await browser.open((await signInAndConsent(authorize)).href)
  const connection = found(/(\/o\/[a-z0-9-]+\/settings\/integrations\/connections\/[0-9a-f-]+)/, page.url)
  step('connected the stand-in directory')

  // The daily run may be done before the hourly one, which brings the users.
  const hasUsers = async () => /succeeded.*Users: \d/is.test((await browser.open(connection)).text)
  await until('the first sync', 45_000, hasUsers)
  step('the first sync succeeded')

  const before = await browser.open(base)
  const coverage = coverageOn(before.text)
  if (coverage <= 0) throw new Error('coverage is not above zero after the first sync')
  if (!before.text.includes('AC-02')) throw new Error('the overview names no control')
  step(`coverage is ${coverage} %`)

  const population = await browser.open(`${base}/evidence/kind/user_inventory`)
  if (!/148/.test(population.text))
    throw new Error('the population does not show the directory’s 148 accounts')
  step('the population is there')

  const audit = await browser.open(`${base}/audit`)
  if (!/sync/i.test(audit.text)) throw new Error('the event stream shows no sync')
  const past = await browser.open(`${base}?asOf=0`)
  if (!/As it was on/i.test(past.text)) throw new Error('no banner names the past instant')
  step('looked back to the first event')

  page = await browser.open(connection)
  await browser.submit(page, { confirmation: page.confirmationWord() }, 'revoke')
  await until('the revocation', 10_000, async () => /revoked/i.test((await browser.open(connection)).text))
  const after = coverageOn((await browser.open(base)).text)
  if (after !== 0) throw new Error(`coverage is ${after} % after revoking, not 0`)
  step('revoked; coverage fell to 0 %, the history stays')
}

function coverageOn(text: string): number {
  return Number(found(/Control coverage\s*(\d+(?:\.\d+)?)\s*%/, text))
}

function found(pattern: RegExp, text: string): string {
  const match = pattern.exec(text)?.[1]
  if (match === undefined) throw new Error(`nothing fits ${pattern} in: ${text.slice(0, 600)}`)
  return match
}
