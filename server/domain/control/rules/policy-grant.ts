import type { ConditionalAccessPolicyItem } from '../../evidence/items.ts'

type Grant = ConditionalAccessPolicyItem['grantControls']
type Strength = NonNullable<NonNullable<Grant>['authenticationStrength']>

/** What a policy asks of a sign-in that it applies to. `unknown`: it names a control whose meaning is not known. */
export type GrantEffect = 'block' | 'second_factor' | 'something_weaker' | 'nothing' | 'unknown'

/** Controls that settle the risk of a user, besides a second factor. */
export const riskRemedies: ReadonlySet<string> = new Set(['passwordChange', 'riskRemediation'])

const noOther: ReadonlySet<string> = new Set()

/**
 * With the operator AND one control that is a second factor is enough; with OR every alternative must be one. Where the
 * operator is not known, both must come to the same. Custom controls and terms of use are none: Entra takes neither for
 * MFA. https://learn.microsoft.com/graph/api/resources/conditionalaccessgrantcontrols
 * @param asGood built-in controls that are to count as much as a second factor
 */
export function grantEffect(grant: Grant, asGood: ReadonlySet<string> = noOther): GrantEffect {
  if (grant === null) return 'nothing'
  if (grant.builtInControls.includes('block')) return 'block'
  const alternatives = [
    ...grant.builtInControls.map(control => (asGood.has(control) ? true : isSecondFactor(control))),
    ...grant.customAuthenticationFactors.map(() => false),
    ...grant.termsOfUse.map(() => false),
    ...(grant.authenticationStrength === null ? [] : [strengthNeedsTwoFactors(grant.authenticationStrength)]),
  ]
  if (alternatives.length === 0) return 'nothing'
  const [ofAll, ofAny] = [effectOfAll(alternatives), effectOfAny(alternatives)]
  if (alternatives.length === 1 || ofAll === ofAny) return ofAny
  const operator = grant.operator?.toUpperCase()
  return operator === 'AND' ? ofAll : operator === 'OR' ? ofAny : 'unknown'
}

/** Null where nothing is known of an alternative. */
type Alternatives = readonly (boolean | null)[]

/** All are asked for: one that is a second factor makes it one. */
function effectOfAll(alternatives: Alternatives): GrantEffect {
  if (alternatives.includes(true)) return 'second_factor'
  return alternatives.includes(null) ? 'unknown' : 'something_weaker'
}

/** Any of them is enough: the weakest makes it weak. */
function effectOfAny(alternatives: Alternatives): GrantEffect {
  if (alternatives.includes(false)) return 'something_weaker'
  return alternatives.includes(null) ? 'unknown' : 'second_factor'
}

const weakerControls: ReadonlySet<string> = new Set([
  'compliantDevice',
  'domainJoinedDevice',
  'approvedApplication',
  'compliantApplication',
  ...riskRemedies,
])

const isSecondFactor = (control: string): boolean | null =>
  control === 'mfa' ? true : weakerControls.has(control) ? false : null

/** As Entra says, and not against the combinations that it lists: one single factor among them is enough to get in. */
function strengthNeedsTwoFactors({ requirementsSatisfied, allowedCombinations }: Strength): boolean | null {
  if (allowedCombinations.some(isSingleFactor)) return false
  const said = requirementsSatisfied === null ? [] : flags(requirementsSatisfied)
  if (said.includes('mfa')) return true
  if (said.includes('none')) return false
  return allowedCombinations.length > 0 && allowedCombinations.every(isTwoFactors) ? true : null
}

const singleFactors = [
  'password',
  'voice',
  'hardwareOath',
  'softwareOath',
  'sms',
  'microsoftAuthenticatorPush',
  'email',
  'x509CertificateSingleFactor',
  'federatedSingleFactor',
  'qrCodePin',
]

const twoFactorsInOne = [
  'fido2',
  'windowsHelloForBusiness',
  'deviceBasedPush',
  'temporaryAccessPassOneTime',
  'temporaryAccessPassMultiUse',
  'x509CertificateMultiFactor',
  'federatedMultiFactor',
]

const isSingleFactor = (combination: string) => singleFactors.includes(combination.trim())

const isTwoFactors = (combination: string) =>
  twoFactorsInOne.includes(combination.trim()) ||
  (flags(combination).length > 1 && flags(combination).every(flag => singleFactors.includes(flag)))

const flags = (text: string) => text.split(',').map(flag => flag.trim())
