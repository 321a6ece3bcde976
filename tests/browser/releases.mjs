// Releases for the tests: one with speakers, trade news of several years, Chinese in both scripts, and a hostile one.

const hostile = `<script>window.hacked = 1</script><img src=x onerror="window.hacked = 1"> "'&amp; \u202Ereversed`;

const trade = ["2019", "2021", "2022", "2022", "2024"].map((year, n) => ({
  id: `trade/${year}-${n}.txt`,
  title: `Foreign trade in ${year}`,
  issuer: n % 2 ? "Bureau of Commerce" : "General Administration of Customs",
  date: `${year}-03-1${n}`,
  text: [
    "Exports and imports grew again.",
    `In ${year} the port handled more containers than ever before, the administration said.`,
    "Exports of electric vehicles doubled, and exports by rail rose.",
    "The next report is due in autumn.",
  ].join("\n\n"),
}));

export const releases = [
  {
    id: "guangzhou/industry.txt",
    title: "Strategic industries exceed one trillion yuan",
    issuer: "Information Office of Guangzhou Municipality",
    date: "2025-12-17",
    url: "https://example.org/industry?a=1&b=2",
    text: [
      "Municipal Development and Reform Commission: 22 New Champions",
      "Yang Xiaoyan, Deputy Director of the Municipal Development and Reform Commission, stated that the world's first flying car factory has begun trial production.",
      "The low-altitude economy grew by a fifth.",
      "A flying car needs a charging station; flying cars need many.",
      "Robots are built in the same district.",
    ].join("\n\n"),
  },
  ...trade,
  {
    id: "zh/economy.txt",
    title: "低空经济发展情况发布会",
    issuer: "广州市人民政府新闻办公室",
    date: "2025-06-01",
    text: "广州市低空经济快速发展。\n\n飞行汽车工厂已经投入试生产，“飞行汽车”成为新名片。\n\n下一步将完善充电设施。",
  },
  {
    id: "tw/economy.txt",
    title: "經濟部說明低空經濟政策",
    date: "2024-06-01",
    text: "經濟部表示，低空經濟是新興產業。\n\n飛行汽車仍在試驗。",
  },
  {
    id: `hostile/${hostile}.txt`,
    title: `Hostile ${hostile}`,
    issuer: `Ministry ${hostile}`,
    date: "2023-01-01",
    url: "javascript:window.hacked=1",
    text: `Heading ${hostile}\n\nA harmless sentence. ${hostile}\n\n${hostile} another harmless one.`,
  },
  ...Array.from({ length: 14 }, (_, n) => ({
    id: `schools/${n}.txt`,
    title: `School notice ${n + 1}`,
    date: `2020-09-${String(n + 1).padStart(2, "0")}`,
    text: `Schools open in district ${n + 1}.\n\nTeachers meet on Monday.`,
  })),
];
