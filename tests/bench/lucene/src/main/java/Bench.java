import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.cn.smart.SmartChineseAnalyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.misc.index.BPIndexReorderer;
import org.apache.lucene.misc.index.BPReorderingMergePolicy;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.uhighlight.UnifiedHighlighter;
import org.apache.lucene.store.FSDirectory;

/**
 * Lucene in the benchmark: indexes the passages of a folder, or prints the time of each of its queries in nanoseconds.
 *
 * <p>Arguments: {@code index} or {@code warm}, the folder, the name of the index in the folder, then {@code --rank} to
 * leave out snippets. An index named {@code lucene-reordered} is merged to one segment whose documents are ordered by
 * recursive graph bisection.
 */
final class Bench {
  private static final String TEXT = "text";
  private static final String REORDERED = "lucene-reordered";
  private static final int LIMIT = 10;
  /** Rounds before the measured ones, in which the virtual machine compiles the code. */
  private static final int WARMUP_ROUNDS = 5;
  private static final int ROUNDS = 5;

  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[1]);
    Path index = folder.resolve(arguments[2]);
    boolean english = folder.getFileName().toString().startsWith("en");
    try (Analyzer analyzer = english ? new EnglishAnalyzer() : new SmartChineseAnalyzer()) {
      if (arguments[0].equals("index")) {
        index(folder, index, analyzer);
      } else {
        warm(folder, index, analyzer, !Arrays.asList(arguments).contains("--rank"));
      }
    }
  }

  private static void index(Path folder, Path index, Analyzer analyzer) throws IOException {
    boolean reorders = index.endsWith(REORDERED);
    IndexWriterConfig config = new IndexWriterConfig(analyzer).setRAMBufferSizeMB(256);
    config.setOpenMode(IndexWriterConfig.OpenMode.CREATE);
    if (reorders) {
      config.setMergePolicy(new BPReorderingMergePolicy(config.getMergePolicy(), new BPIndexReorderer()));
    }
    ObjectMapper json = new ObjectMapper();
    try (FSDirectory directory = FSDirectory.open(index);
        IndexWriter writer = new IndexWriter(directory, config);
        BufferedReader passages = Files.newBufferedReader(folder.resolve("passages.jsonl"))) {
      // Uses all processors, as the other engines do.
      passages.lines().parallel().forEach(line -> {
        try {
          Document document = new Document();
          document.add(new TextField(TEXT, json.readValue(line, String.class), Field.Store.YES));
          writer.addDocument(document);
        } catch (IOException error) {
          throw new java.io.UncheckedIOException(error);
        }
      });
      if (reorders) {
        writer.forceMerge(1);
      }
    }
  }

  private static void warm(Path folder, Path index, Analyzer analyzer, boolean snippets) throws IOException {
    List<String> lines = Files.readAllLines(folder.resolve("queries.tsv"));
    try (FSDirectory directory = FSDirectory.open(index);
        DirectoryReader reader = DirectoryReader.open(directory)) {
      IndexSearcher searcher = new IndexSearcher(reader);
      searcher.setQueryCache(null);
      UnifiedHighlighter highlighter = UnifiedHighlighter.builder(searcher, analyzer).build();
      long[] best = new long[lines.size()];
      Arrays.fill(best, Long.MAX_VALUE);
      long hits = 0;
      for (int round = 0; round < WARMUP_ROUNDS + ROUNDS; round++) {
        for (int at = 0; at < best.length; at++) {
          long started = System.nanoTime();
          Query query = query(lines.get(at), analyzer);
          TopDocs top = searcher.search(query, LIMIT);
          if (snippets) {
            hits += highlighter.highlight(TEXT, query, top, 2).length;
            for (var hit : top.scoreDocs) {
              hits += searcher.storedFields().document(hit.doc).get(TEXT).length();
            }
          }
          hits += top.scoreDocs.length;
          if (round >= WARMUP_ROUNDS) {
            best[at] = Math.min(best[at], System.nanoTime() - started);
          }
        }
      }
      for (int at = 0; at < best.length; at++) {
        System.out.println(kind(lines.get(at)) + "\t" + best[at]);
      }
      System.err.println(hits);
    }
  }

  private static String kind(String line) {
    String[] parts = line.split("\t");
    int words = parts[1].split(" ").length;
    if (!parts[0].equals("words")) {
      return parts[0];
    }
    return words == 8 ? "question" : words + (words == 1 ? " word" : " words");
  }

  private static Query query(String line, Analyzer analyzer) throws IOException {
    String[] parts = line.split("\t");
    if (parts[0].equals("prefix")) {
      return new PrefixQuery(new Term(TEXT, parts[1]));
    }
    List<String> terms = new ArrayList<>();
    for (String word : parts[1].split(" ")) {
      try (TokenStream tokens = analyzer.tokenStream(TEXT, word)) {
        CharTermAttribute term = tokens.addAttribute(CharTermAttribute.class);
        tokens.reset();
        while (tokens.incrementToken()) {
          terms.add(term.toString());
        }
        tokens.end();
      }
    }
    if (parts[0].equals("phrase")) {
      return new PhraseQuery(TEXT, terms.toArray(String[]::new));
    }
    BooleanQuery.Builder any = new BooleanQuery.Builder();
    terms.forEach(term -> any.add(new TermQuery(new Term(TEXT, term)), Occur.SHOULD));
    return any.build();
  }
}
