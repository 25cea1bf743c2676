import { hash } from './hash.ts'

/** A person's name for a directory position. Pairs do not repeat below `namePairs` positions. */
export function nameAt(seed: number, index: number): { given: string; family: string } {
  const pair = ((hash(seed, 21) % namePairs) + index * stride) % namePairs
  return {
    given: givenNames[pair % givenNames.length] ?? 'Alex',
    family: familyNames[Math.floor(pair / givenNames.length)] ?? 'Meyer',
  }
}

/** Lower-case ASCII for addresses: "Zoë Šimić" becomes "zoe.simic". */
export function addressOf(given: string, family: string): string {
  return `${given}.${family}`
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036f' ]/g, '')
    .replaceAll(/[łŁ]/g, 'l')
    .replaceAll(/[øØ]/g, 'o')
    .replaceAll('ß', 'ss')
    .replaceAll('ı', 'i')
    .toLowerCase()
}

const givenNames =
  `Aaliyah Adaeze Aiko Alejandra Alma Amara Amir Ana Anders Andrea Aneta Anita Arjun Arne Asha Ayşe Beatriz
Benedikt Bilal Birgit Bram Camille Carlos Carmen Chen Chiara Chidi Chloé Cristina Dagny Daniel Dario David Deepa
Diego Dimitri Ebba Eduardo Elena Elif Emeka Emil Emma Enzo Esra Eszter Fatima Felix Femi Freya Gabriel Giulia
Grace Hana Haruto Helena Hiroshi Hugo Ida Imani Ines Ingrid Isabel Ivan Jakub Jana Javier Jelena Jens João Johan
Julia Kaito Karim Katarzyna Kenji Kofi Lars Laura Layla Léa Leila Leon Linh Lucía Luka Magnus Maja Malik Marek
Maria Marta Mateo Mei Milan Min-jun Mira Mohammed Nadia Naomi Nikolai Nina Noor Nour Oleksandr Olga Oluwaseun
Oscar Paolo Patience Paulo Petra Priya Rafael Rania Ravi Renata Rosa Ruth Samira Sanne Sara Sebastian Sofía Soo-ah
Stefan Sunita Svetlana Tariq Tendai Thandiwe Théo Tomasz Tuomas Valentina Viktor Wanjiru Wei Yara Yuki Yusuf Zoë`
    .split(/\s+/)
    .filter(Boolean)

const familyNames =
  `Abdi Acheampong Adeyemi Ahmed Almeida Andersen Bakker Banerjee Bauer Becker Bergström Bianchi Björk Boateng
Castillo Chanda Chen Cohen Costa Dahl Dang Delgado Demir Diallo Dubois Eriksson Eze Fernández Fischer Fontaine
Fujita García Giordano Gupta Haddad Hansen Hoffmann Horvat Hussain Iyer Jansen Johansson Jovanović Kamau Kaplan
Kaur Khan Kim Kowalski Kovács Kristensen Lahtinen Larsen Laurent Lee Lewandowska Li Lindqvist López Mahlangu
Marchetti Martins Mbeki Mensah Meyer Moreau Müller Nakamura Ndlovu Nguyễn Nielsen Nowak O'Brien O'Connor Okafor
Okonkwo Oliveira Osei Otieno Park Patel Pereira Petrov Popescu Ramos Rao Ricci Romano Rossi Sato Schneider
Shevchenko Silva Singh Šimić Smirnova Søndergaard Suzuki Takahashi Tanaka Torres Tran Vargas Virtanen Visser Wang
Weber Wójcik Yamamoto Yılmaz Zhang Zieliński`
    .split(/\s+/)
    .filter(Boolean)

export const namePairs = givenNames.length * familyNames.length

// A prime near the golden section of the pairs: neighbours differ, and every pair comes once before any repeats.
const stride = 9733
